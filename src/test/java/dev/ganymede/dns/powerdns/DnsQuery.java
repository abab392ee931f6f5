package dev.ganymede.dns.powerdns;

import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;

/** Asks a name server on this machine, over the wire. */
record DnsQuery(int port) {

    /** The only record's content, empty for NXDOMAIN and for a name without this type. */
    Optional<String> ask(String name, String type) {
        return all(name, type).stream().findFirst();
    }

    /** The values of all TXT records. */
    Set<String> texts(String name) {
        return all(name, "TXT").stream()
                .map(content -> content.replaceAll("^\"|\"$", ""))
                .collect(Collectors.toSet());
    }

    private List<String> all(String name, String type) {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put("java.naming.factory.initial", "com.sun.jndi.dns.DnsContextFactory");
        environment.put("java.naming.provider.url", "dns://127.0.0.1:" + port);
        try {
            DirContext server = new InitialDirContext(environment);
            Attribute answer = server.getAttributes(name, new String[] {type}).get(type);
            server.close();
            return answer == null
                    ? List.of()
                    : Collections.list(answer.getAll()).stream()
                            .map(String.class::cast)
                            .toList();
        } catch (NameNotFoundException unknown) {
            return List.of();
        } catch (NamingException failure) {
            throw new IllegalStateException(failure);
        }
    }

    Optional<String> address(String name) {
        return ask(name, "A");
    }
}
