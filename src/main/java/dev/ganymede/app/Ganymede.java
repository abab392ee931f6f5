package dev.ganymede.app;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;

/** The program: makes sure that there is a database, then runs the service. */
@QuarkusMain
public final class Ganymede {

    /** The setting that names the database; the rest of the service knows no other. */
    static final String DATABASE_URL = "GANYMEDE_DB_URL";

    private Ganymede() {}

    public static void main(String[] arguments) throws IOException {
        String configured = System.getProperty(DATABASE_URL, System.getenv(DATABASE_URL));
        if (configured == null || configured.isBlank()) {
            System.setProperty(DATABASE_URL, EmbeddedDatabase.start().url());
        } else {
            System.out.println("Ganymede: using the PostgreSQL at " + withoutSecrets(configured));
        }
        Quarkus.run(arguments);
    }

    private static String withoutSecrets(String url) {
        return url.replaceFirst("//[^@/]*@", "//").replaceFirst("\\?.*", "");
    }
}
