package dev.ganymede.container.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.command.CreateContainerResponse;
import com.github.dockerjava.api.command.CreateNetworkResponse;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.command.CreateContainerCmdImpl;
import com.github.dockerjava.core.command.CreateNetworkCmdImpl;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NativeReflectionTest {

    /** What the commands send and receive. */
    private static final List<Class<?>> ROOTS = List.of(
            CreateContainerCmdImpl.class,
            CreateContainerResponse.class,
            CreateNetworkCmdImpl.class,
            CreateNetworkResponse.class,
            InspectContainerResponse.class,
            InspectImageResponse.class,
            Container.class,
            Network.class);

    private final ObjectMapper mapper = DockerClientConfig.getDefaultObjectMapper();
    private final Set<String> found = new TreeSet<>();

    @Test
    void everyClassThatJacksonReachesIsRegistered() {
        ROOTS.forEach(root -> visit(mapper.constructType(root)));

        assertThat(NativeReflection.class
                        .getAnnotation(RegisterForReflection.class)
                        .classNames())
                .containsExactlyInAnyOrderElementsOf(found);
    }

    private void visit(JavaType type) {
        if (type == null) {
            return;
        }
        visit(type.getContentType());
        visit(type.getKeyType());
        type.getBindings().getTypeParameters().forEach(this::visit);
        String name = type.getRawClass().getName();
        if (name.startsWith("com.github.dockerjava.") && found.add(name)) {
            visit(type.getSuperClass());
            BeanDescription written = mapper.getSerializationConfig().introspect(type);
            BeanDescription read = mapper.getDeserializationConfig().introspect(type);
            written.findProperties().forEach(property -> visit(property.getPrimaryType()));
            read.findProperties().forEach(property -> visit(property.getPrimaryType()));
        }
    }
}
