package ai.materi.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows of docs/architecture.md. */
class LayersTest {
    private static final JavaClasses MATERI = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("ai.materi");

    @Test
    void theEngineStandsOnJavaAlone() {
        classes()
                .that()
                .resideInAPackage("ai.materi.crdt..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("ai.materi.crdt..", "java..", "org.jspecify..")
                .check(MATERI);
    }

    @Test
    void theGroundFloorKnowsNobodyAboveIt() {
        noClasses()
                .that()
                .resideInAPackage("ai.materi.platform..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "ai.materi.auth..",
                        "ai.materi.collab..",
                        "ai.materi.ai..",
                        "ai.materi.gateway..",
                        "ai.materi.crdt..")
                .check(MATERI);
    }

    @Test
    void noVerticleImportsAnother() {
        for (String module : new String[] {"auth", "collab", "ai"}) {
            noClasses()
                    .that()
                    .resideInAPackage("ai.materi." + module + "..")
                    .should()
                    .dependOnClassesThat(inAnotherVerticle(module))
                    .check(MATERI);
        }
    }

    @Test
    void onlyMainKnowsTheOtherVerticles() {
        noClasses()
                .that()
                .resideInAPackage("ai.materi.gateway..")
                .and()
                .doNotHaveFullyQualifiedName(Main.class.getName())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.materi.auth..", "ai.materi.collab..", "ai.materi.ai..", "ai.materi.crdt..")
                .check(MATERI);
    }

    @Test
    void theEngineIsRelaysAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackages("ai.materi.crdt..", "ai.materi.collab..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.materi.crdt..")
                .check(MATERI);
    }

    private static DescribedPredicate<JavaClass> inAnotherVerticle(String own) {
        return DescribedPredicate.describe("another verticle than " + own, type -> {
            String name = type.getPackageName();
            return !name.startsWith("ai.materi." + own)
                    && (name.startsWith("ai.materi.auth")
                            || name.startsWith("ai.materi.collab")
                            || name.startsWith("ai.materi.ai")
                            || name.startsWith("ai.materi.gateway"));
        });
    }
}
