package dev.ganymede.container;

import jakarta.enterprise.util.AnnotationLiteral;
import jakarta.inject.Qualifier;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Marks a {@link ContainerRuntime} that {@code ganymede.runtime} can choose; the wiring hands out the chosen one. */
@Qualifier @Retention(RetentionPolicy.RUNTIME)
public @interface Adapter {

    /** The setting's word for it. */
    String value();

    /** To ask for one by its word. */
    final class Named extends AnnotationLiteral<Adapter> implements Adapter {

        private static final long serialVersionUID = 1L;

        private final String value;

        public Named(String value) {
            this.value = value;
        }

        @Override
        public String value() {
            return value;
        }
    }
}
