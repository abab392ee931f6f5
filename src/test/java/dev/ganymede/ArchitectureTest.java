package dev.ganymede;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;

/** The boundaries of DESIGN §6: who may import whom, and which library stays in its adapter. */
@AnalyzeClasses(packages = "dev.ganymede", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    /** Ids, queues, secrets, problems: leaves that carry no feature. */
    private static final String[] LEAVES = {
        "dev.ganymede.id", "dev.ganymede.flow", "dev.ganymede.secret", "dev.ganymede.problem", "dev.ganymede.io"
    };

    private static final String[] PORTS = {
        "dev.ganymede.container", "dev.ganymede.dns", "dev.ganymede.edge", "dev.ganymede.collab"
    };

    @ArchTest
    static final ArchRule noCycles =
            slices().matching("dev.ganymede.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nobodyImportsTheWiring = noClasses()
            .that(resideInAPackage("dev.ganymede..").and(not(resideInAPackage("dev.ganymede.app.."))))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.ganymede.app..");

    @ArchTest
    static final ArchRule idsKnowNothing = only("dev.ganymede.id");

    @ArchTest
    static final ArchRule flowKnowsNothing = only("dev.ganymede.flow");

    @ArchTest
    static final ArchRule secretsKnowNothing = only("dev.ganymede.secret");

    @ArchTest
    static final ArchRule gatewaysKnowNoFeature = only("dev.ganymede.gateway", LEAVES);

    @ArchTest
    static final ArchRule organizationsKnowNoFeature = only("dev.ganymede.organization", LEAVES);

    @ArchTest
    static final ArchRule accessKnowsNoFeature = only("dev.ganymede.access", LEAVES);

    @ArchTest
    static final ArchRule certificatesKnowNoFeature = only("dev.ganymede.certificate", LEAVES);

    @ArchTest
    static final ArchRule snapshotsKnowGateways = only(
            "dev.ganymede.snapshot",
            join(
                    LEAVES,
                    "dev.ganymede.gateway",
                    "dev.ganymede.access",
                    "dev.ganymede.organization",
                    "dev.ganymede.timeline"));

    @ArchTest
    static final ArchRule poolKnowsGatewaysAndPorts =
            only("dev.ganymede.pool", join(join(LEAVES, PORTS), "dev.ganymede.gateway"));

    @ArchTest
    static final ArchRule allocationKnowsGatewaysOrganizationsAndPorts = only(
            "dev.ganymede.allocation",
            join(
                    join(LEAVES, PORTS),
                    "dev.ganymede.gateway",
                    "dev.ganymede.organization",
                    "dev.ganymede.access",
                    "dev.ganymede.timeline"));

    @ArchTest
    static final ArchRule theTimelineKnowsGatewaysAndOrganizations =
            only("dev.ganymede.timeline", join(LEAVES, "dev.ganymede.gateway", "dev.ganymede.organization"));

    @ArchTest
    static final ArchRule portsKnowNoAdapter = noClasses()
            .that()
            .resideInAnyPackage(PORTS)
            .should()
            .dependOnClassesThat(resideInAPackage("dev.ganymede..").and(not(resideInAnyPackage(join(LEAVES, PORTS)))));

    @ArchTest
    static final ArchRule adaptersAreReachedThroughTheirPorts = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "dev.ganymede.container.docker..",
                    "dev.ganymede.container.fixed..",
                    "dev.ganymede.certificate.acme..",
                    "dev.ganymede.dns.powerdns..",
                    "dev.ganymede.edge.nginx..",
                    "dev.ganymede.collab.http..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.ganymede.container.docker..",
                    "dev.ganymede.container.fixed..",
                    "dev.ganymede.certificate.acme..",
                    "dev.ganymede.dns.powerdns..",
                    "dev.ganymede.edge.nginx..",
                    "dev.ganymede.collab.http..");

    @ArchTest
    static final ArchRule dockerJavaStaysInItsAdapter =
            library("com.github.dockerjava..", "dev.ganymede.container.docker..");

    @ArchTest
    static final ArchRule acmeStaysInItsAdapter = library("org.shredzone..", "dev.ganymede.certificate.acme..");

    @ArchTest
    static final ArchRule theAcmeAdapterKnowsCertificatesAndTheZone =
            only("dev.ganymede.certificate.acme", join(LEAVES, "dev.ganymede.certificate", "dev.ganymede.dns"));

    @ArchTest
    static final ArchRule quteStaysInTheEdge = library("io.quarkus.qute..", "dev.ganymede.edge.nginx..");

    @ArchTest
    static final ArchRule bouncyCastleStaysWithTheCertificates =
            library("org.bouncycastle..", "dev.ganymede.certificate..");

    @ArchTest
    static final ArchRule httpClientsStayInAdapters = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "dev.ganymede.container.fixed..",
                    "dev.ganymede.dns.powerdns..",
                    "dev.ganymede.edge.nginx..",
                    "dev.ganymede.collab.http..",
                    "dev.ganymede.certificate.acme..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx.mutiny.ext.web.client..", "io.vertx.ext.web.client..", "java.net.http..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("io.vertx.mutiny.core.http.HttpClient");

    @ArchTest
    static final ArchRule embeddedPostgresStaysInTheWiring = library("io.zonky..", "dev.ganymede.app..");

    @ArchTest
    static final ArchRule hibernateStaysWithTheOrganizations =
            library("jakarta.persistence..", "dev.ganymede.organization..");

    @ArchTest
    static final ArchRule timeComesFromTheClock = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(OffsetDateTime.class, "now")
            .orShould()
            .callMethod(LocalDateTime.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule onlyTheWiringMakesClocks = noClasses()
            .that()
            .resideOutsideOfPackage("dev.ganymede.app..")
            .should()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(Clock.class, "systemDefaultZone");

    @ArchTest
    static final ArchRule plannersArePure = classes()
            .that()
            .haveSimpleNameEndingWith("Planner")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage("java..", "dev.ganymede.pool", "dev.ganymede.allocation")
                    .or(resideInAnyPackage("dev.ganymede.certificate"))
                    .or(resideInAnyPackage("dev.ganymede.gateway", "dev.ganymede.id", "dev.ganymede.snapshot"))
                    .or(resideInAnyPackage("dev.ganymede.container", "dev.ganymede.dns", "dev.ganymede.edge")))
            .andShould()
            .notBePublic();

    @ArchTest
    static final ArchRule onlyProblemsChooseStatusCodes = noClasses()
            .that()
            .resideOutsideOfPackages("dev.ganymede.problem..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("jakarta.ws.rs.core.Response$Status");

    private static ArchRule only(String pack, String... others) {
        return classes()
                .that()
                .resideInAPackage(pack)
                .should()
                .onlyDependOnClassesThat(
                        not(resideInAPackage("dev.ganymede..")).or(resideInAnyPackage(join(others, pack))));
    }

    private static ArchRule library(String library, String home) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(home)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }

    private static String[] join(String[] some, String... more) {
        String[] all = java.util.Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }
}
