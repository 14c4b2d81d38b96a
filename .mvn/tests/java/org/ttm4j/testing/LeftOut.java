package org.ttm4j.testing;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips tests by their tags, which the system property ttm4j.leftOut lists, separated by commas, and all where the vectors of
 * the machine have as many bits as ttm4j.leftOutWidth says. Unlike tests that Surefire excludes, they are counted: the summary
 * of a build says how many it left out.
 */
public final class LeftOut implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Integer width = Integer.getInteger("ttm4j.leftOutWidth");
        if (width != null && width == vectorBits()) {
            return ConditionEvaluationResult.disabled("left out, as another run tests vectors of " + width + " bits");
        }
        Set<String> tags = new HashSet<>(List.of(System.getProperty("ttm4j.leftOut", "").split(",")));
        tags.retainAll(context.getTags());
        return tags.isEmpty()
                ? ConditionEvaluationResult.enabled("no tag of it is left out")
                : ConditionEvaluationResult.disabled("left out, as " + tags + "; mvn -Pall verify runs all but [long]");
    }

    /** By its name, as few modules are compiled with the vector module. */
    private static int vectorBits() {
        try {
            Class<?> shape = Class.forName("jdk.incubator.vector.VectorShape");
            return (int) shape.getMethod("vectorBitSize").invoke(shape.getMethod("preferredShape").invoke(null));
        } catch (ReflectiveOperationException withoutTheModule) {
            return 0;
        }
    }
}
