package org.ttm4j.bench;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What may depend on what in this module; HouseRulesTest of the module cli has the rules of all others. */
@AnalyzeClasses(packages = "org.ttm4j.bench", importOptions = ImportOption.DoNotIncludeTests.class)
class PackagesTest {
    @ArchTest
    static final ArchRule packagesFormNoCycle = slices().matching("org.ttm4j.(**)").should().beFreeOfCycles();
}
