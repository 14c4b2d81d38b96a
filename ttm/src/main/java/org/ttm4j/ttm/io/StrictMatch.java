package org.ttm4j.ttm.io;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ttm4j.engine.Shape;

/** Checks that a file has exactly the tensors of a model. */
final class StrictMatch {
    private static final int LISTED = 20;

    private StrictMatch() {}

    /** Throws an exception that lists the differences, at most {@value #LISTED} of each kind. */
    static void require(Map<String, Shape> expected, Map<String, SafeTensor> actual, String source)
            throws CheckpointException {
        List<String> missing = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        List<String> unexpected = new ArrayList<>();
        expected.forEach((name, shape) -> {
            SafeTensor tensor = actual.get(name);
            if (tensor == null) missing.add(name + " " + shape);
            else if (!matches(name, shape, tensor)) {
                wrong.add(name + " " + tensor.dtype() + tensor.shape() + ", expected " + kind(name) + shape);
            }
        });
        actual.forEach((name, tensor) -> {
            if (!expected.containsKey(name)) unexpected.add(name + " " + tensor.shape());
        });
        if (missing.isEmpty() && wrong.isEmpty() && unexpected.isEmpty()) return;
        StringBuilder message = new StringBuilder("the tensors are not those of the model in config.json");
        list("missing", missing, message);
        list("unexpected", unexpected, message);
        list("wrong shape or type", wrong, message);
        throw new CheckpointException(source, message.toString());
    }

    private static boolean matches(String name, Shape shape, SafeTensor tensor) {
        return tensor.shape().equals(shape) && tensor.dtype().isFloat() != isCounter(name);
    }

    /** The integer that batch normalisation keeps. */
    private static boolean isCounter(String name) {
        return name.endsWith("num_batches_tracked");
    }

    private static String kind(String name) {
        return isCounter(name) ? "integers " : "floats ";
    }

    private static void list(String title, List<String> names, StringBuilder message) {
        if (names.isEmpty()) return;
        message.append("\n  ").append(title).append(" (").append(names.size()).append("):");
        for (String name : names.subList(0, Math.min(LISTED, names.size()))) message.append("\n    ").append(name);
        if (names.size() > LISTED) message.append("\n    … and ").append(names.size() - LISTED).append(" more");
    }
}
