package org.ttm4j.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Assigns memory to tensors by liveness. Without gradients, the array of an output returns to a pool after the last
 * operation that reads it, so that a whole model runs in a few arrays that stay in the cache. With gradients, all
 * values that the backward pass reads are kept. The gradients share a pool: in the backward pass a gradient is needed
 * from the last reader of its tensor back to the operation that produced it.
 */
final class MemoryPlan {
    private final List<float[]> free = new ArrayList<>();

    private MemoryPlan() {}

    static void assign(List<Operation> operations, boolean gradients) {
        if (gradients) {
            allValues(operations);
            new MemoryPlan().gradients(operations);
        } else {
            new MemoryPlan().values(operations);
        }
    }

    /** Takes the memory away from every output. */
    static void release(List<Operation> operations) {
        for (Operation operation : operations) {
            operation.y.value = null;
            operation.y.grad = null;
        }
    }

    private void values(List<Operation> operations) {
        Map<Tensor, Integer> lastRead = new IdentityHashMap<>();
        for (int i = 0; i < operations.size(); i++) {
            for (Tensor input : operations.get(i).inputs) lastRead.put(input.root, i);
        }
        for (int i = 0; i < operations.size(); i++) {
            Tensor output = operations.get(i).y;
            output.value = output.kept ? new float[output.shape().size()] : take(output.shape().size());
            for (Tensor input : operations.get(i).inputs) {
                Tensor root = input.root;
                // Removed from the map, so that a tensor that one operation reads twice is released once.
                if (!root.kept && lastRead.getOrDefault(root, -1) == i) {
                    lastRead.remove(root);
                    free.add(root.value);
                }
            }
        }
    }

    /** Assigns each value its own memory, except where the only reader of a value may overwrite it. */
    private static void allValues(List<Operation> operations) {
        Map<Tensor, Integer> readers = new IdentityHashMap<>();
        for (Operation operation : operations) {
            for (Tensor input : operation.inputs) readers.merge(input.root, 1, Integer::sum);
        }
        for (Operation operation : operations) {
            Tensor overwritten = operation.overwritesValue();
            Tensor x = overwritten == null ? null : overwritten.root;
            boolean inPlace = x != null && !x.kept && !x.producer.readsOutput() && readers.get(x) == 1;
            operation.y.value = inPlace ? x.value : new float[operation.y.shape().size()];
        }
    }

    private void gradients(List<Operation> operations) {
        for (int i = operations.size() - 1; i >= 0; i--) {
            Operation operation = operations.get(i);
            Tensor output = operation.y;
            if (!output.needsGrad()) continue;
            // No later operation read this output: it is the loss, or nothing depends on it.
            if (output.grad == null) output.grad = take(output.shape().size());
            Tensor heir = heir(operation);
            if (heir != null) heir.grad = output.grad;
            for (Tensor input : operation.inputs) {
                Tensor root = input.root;
                if (root.needsGrad() && root.grad == null) root.grad = take(root.shape().size());
            }
            if (!output.kept && heir == null) free.add(output.grad);
        }
    }

    /**
     * The input whose gradient shares the memory of the output's gradient. Null if the operation does not allow it, if
     * the input needs no gradient, already has memory for it or is read twice, or if the output is kept.
     */
    private static Tensor heir(Operation operation) {
        if (operation.overwritesGradient() == null || operation.y.kept) return null;
        Tensor root = operation.overwritesGradient().root;
        long times = Arrays.stream(operation.inputs).filter(input -> input.root == root).count();
        return root.needsGrad() && root.grad == null && times == 1 ? root : null;
    }

    /** The smallest free array that is large enough (of several, the last used, still in the cache), or a new one. */
    private float[] take(int size) {
        int best = -1;
        for (int i = 0; i < free.size(); i++) {
            int length = free.get(i).length;
            if (length >= size && (best < 0 || length <= free.get(best).length)) best = i;
        }
        return best >= 0 ? free.remove(best) : new float[size];
    }
}
