package org.ttm4j.testing;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips tests by their tags, which the system property ttm4j.leftOut lists, separated by commas. Unlike tests that Surefire
 * excludes, they are counted: the summary of a build says how many it left out.
 */
public final class LeftOut implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Set<String> tags = new HashSet<>(List.of(System.getProperty("ttm4j.leftOut", "").split(",")));
        tags.retainAll(context.getTags());
        return tags.isEmpty()
                ? ConditionEvaluationResult.enabled("no tag of it is left out")
                : ConditionEvaluationResult.disabled("left out, as " + tags + "; mvn -Pall verify runs all but [long]");
    }
}
