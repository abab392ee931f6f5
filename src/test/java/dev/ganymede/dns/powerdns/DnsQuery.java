package dev.ganymede.dns.powerdns;

import java.util.Hashtable;
import java.util.Optional;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;

/** Asks a name server on this machine, over the wire. */
record DnsQuery(int port) {

    /** The only record's content, empty for NXDOMAIN and for a name without this type. */
    Optional<String> ask(String name, String type) {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put("java.naming.factory.initial", "com.sun.jndi.dns.DnsContextFactory");
        environment.put("java.naming.provider.url", "dns://127.0.0.1:" + port);
        try {
            DirContext server = new InitialDirContext(environment);
            Attribute answer = server.getAttributes(name, new String[] {type}).get(type);
            server.close();
            return answer == null ? Optional.empty() : Optional.of((String) answer.get());
        } catch (NameNotFoundException unknown) {
            return Optional.empty();
        } catch (NamingException failure) {
            throw new IllegalStateException(failure);
        }
    }

    Optional<String> address(String name) {
        return ask(name, "A");
    }
}
