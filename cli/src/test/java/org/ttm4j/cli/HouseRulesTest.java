package org.ttm4j.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.ObjectInputStream;
import org.ttm4j.autograd.nn.Layer;

/**
 * What may depend on what, in the modules of the program. {@link IntegrationRulesTest} has the rules for the other integrations,
 * PackagesTest of bench the one about cycles there.
 */
@AnalyzeClasses(packages = "org.ttm4j", importOptions = {ImportOption.DoNotIncludeTests.class,
        HouseRulesTest.WithoutFixtures.class})
class HouseRulesTest {
    private static final String[] LIBRARY = {"org.ttm4j.engine..", "org.ttm4j.autograd..", "org.ttm4j.ttm..",
            "org.ttm4j.forecast.."};
    private static final String[] KERNEL_SETS = {"org.ttm4j.engine.scalar", "org.ttm4j.engine.vector"};

    /** Packages of different modules cannot form a cycle, so that this is about the packages within each. */
    @ArchTest
    static final ArchRule packagesFormNoCycle = slices().matching("org.ttm4j.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theLibraryDependsOnTheJdkAlone = classes().that()
            .resideInAnyPackage(LIBRARY)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(LIBRARY)
                    .or(resideInAnyPackage("java..", "com.sun.management", "jdk.incubator.vector")));

    @ArchTest
    static final ArchRule theVectorApiIsUsedInOnePackage = noClasses().that()
            .resideOutsideOfPackage("org.ttm4j.engine.vector")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jdk.incubator.vector");

    @ArchTest
    static final ArchRule kernelSetsAreInternalToTheEngine = noClasses().that()
            .resideOutsideOfPackage("org.ttm4j.engine..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(KERNEL_SETS);

    @ArchTest
    static final ArchRule theRunFromRequestToResultIsInternal = noClasses().that()
            .resideOutsideOfPackages("org.ttm4j.ttm..", "org.ttm4j.forecast..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.ttm4j.ttm.run");

    @ArchTest
    static final ArchRule layersHaveNoFieldsOfNumbers = fields().that()
            .areDeclaredInClassesThat()
            .areAssignableTo(Layer.class)
            .should()
            .notHaveRawType(float[].class);

    @ArchTest
    static final ArchRule layersPassNoNumbers = codeUnits().that()
            .areDeclaredInClassesThat()
            .areAssignableTo(Layer.class)
            .should(notPass(float[].class));

    @ArchTest
    static final ArchRule onlyTheProgramPrints = noClasses().that()
            .resideOutsideOfPackage("org.ttm4j.cli..")
            .should(ACCESS_STANDARD_STREAMS);

    @ArchTest
    static final ArchRule onlyTheProgramExits = noClasses().that()
            .resideOutsideOfPackage("org.ttm4j.cli..")
            .should()
            .callMethod(System.class, "exit", int.class);

    /**
     * A native image has no class that is named at run time, unless its metadata names it, and ours names resources alone.
     * Drivers of databases come from the service loader, which such an image asks when it is built.
     */
    @ArchTest
    static final ArchRule nothingIsReflective = noClasses().should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.lang.reflect", "java.lang.invoke")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(ObjectInputStream.class)
            .orShould()
            .callMethod(Class.class, "forName", String.class)
            .orShould()
            .callMethod(ClassLoader.class, "loadClass", String.class);

    private static ArchCondition<JavaCodeUnit> notPass(Class<?> type) {
        return new ArchCondition<>("not take or return " + type.getSimpleName()) {
            @Override
            public void check(JavaCodeUnit unit, ConditionEvents events) {
                boolean passes = unit.getRawReturnType().isEquivalentTo(type)
                        || unit.getRawParameterTypes().stream().anyMatch(parameter -> parameter.isEquivalentTo(type));
                events.add(new SimpleConditionEvent(unit, !passes, unit.getDescription()));
            }
        };
    }

    /** Small models and files for tests, which come in a jar of their own. */
    static final class WithoutFixtures implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/fixtures/");
        }
    }
}
