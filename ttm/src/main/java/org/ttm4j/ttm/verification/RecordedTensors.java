package org.ttm4j.ttm.verification;

import java.nio.file.Path;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.io.SafeTensor;
import org.ttm4j.ttm.io.Safetensors;

/** The tensors of one recorded file. Reading a tensor throws CheckpointException unless it has the expected shape. */
record RecordedTensors(Safetensors file) {
    static RecordedTensors read(Path file) throws CheckpointException {
        return new RecordedTensors(Safetensors.read(file));
    }

    boolean has(String name) {
        return file.tensors().containsKey(name);
    }

    Shape shape(String name) throws CheckpointException {
        return tensor(name).shape();
    }

    /** The values of a tensor with the given shape; integers and Booleans as floats. */
    float[] floats(String name, Shape expected) throws CheckpointException {
        SafeTensor tensor = exactly(name, expected);
        if (tensor.dtype().isFloat()) return tensor.floats();
        float[] values = new float[tensor.integers().length];
        for (int i = 0; i < values.length; i++) values[i] = tensor.integers()[i];
        return values;
    }

    /** The values of an integer tensor with the given shape, the i-th of which must be from 0 to {@code most} of i. */
    int[] integers(String name, Shape expected, IntUnaryOperator most) throws CheckpointException {
        SafeTensor tensor = exactly(name, expected);
        if (tensor.dtype().isFloat()) throw wrong(name, tensor.dtype() + ": expected integers");
        int[] values = new int[tensor.integers().length];
        for (int i = 0; i < values.length; i++) {
            long value = tensor.integers()[i];
            int largest = most.applyAsInt(i);
            if (value < 0 || value > largest) throw wrong(name, "holds " + value + ": expected 0 to " + largest);
            values[i] = (int) value;
        }
        return values;
    }

    /** Channels and {@code steps} steps from {@code first} on of a [B, …, C] tensor, as [B, channels, steps]. */
    float[] transposed(String name, Shape recorded, int first, int steps, int[] channels) throws CheckpointException {
        float[] from = floats(name, recorded);
        int time = recorded.product(1, recorded.rank() - 1);
        int all = recorded.dim(-1);
        float[] to = new float[recorded.dim(0) * channels.length * steps];
        int at = 0;
        for (int b = 0; b < recorded.dim(0); b++) {
            for (int channel : channels) {
                for (int t = 0; t < steps; t++) to[at++] = from[(b * time + first + t) * all + channel];
            }
        }
        return to;
    }

    /** A recorded tensor [B, …, C] as [B, C, …]. */
    float[] channelsFirst(String name, Shape recorded) throws CheckpointException {
        int[] channels = IntStream.range(0, recorded.dim(-1)).toArray();
        return transposed(name, recorded, 0, recorded.product(1, recorded.rank() - 1), channels);
    }

    /** The shape of a recorded [batch, time, channels] tensor, which has at least {@code steps} steps. */
    Shape series(String name, int steps) throws CheckpointException {
        Shape shape = shape(name);
        if (shape.rank() != 3 || shape.dim(1) < steps) {
            throw wrong(name, shape + ": expected [batch, at least " + steps + " steps, channels]");
        }
        return shape;
    }

    CheckpointException wrong(String name, String problem) {
        return file.wrong("tensor " + name + " " + problem);
    }

    private SafeTensor exactly(String name, Shape expected) throws CheckpointException {
        SafeTensor tensor = tensor(name);
        if (!tensor.shape().equals(expected)) throw wrong(name, tensor.shape() + ": expected " + expected);
        return tensor;
    }

    private SafeTensor tensor(String name) throws CheckpointException {
        SafeTensor tensor = file.tensors().get(name);
        if (tensor == null) throw file.wrong("no tensor " + name);
        return tensor;
    }
}
