package org.ttm4j.serve.forecast;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.serve.forecast.ForecastBody.Options;
import org.ttm4j.serve.http.Json;
import org.ttm4j.serve.http.JsonBody;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.http.Problem.Type;
import org.ttm4j.serve.settings.Settings.Limits;

/**
 * The body of an inference request: the first input holds the series, the optional input {@code observed} which of the
 * values count. For one thread.
 */
final class InferenceBody {
    static final String FORECAST = "forecast";
    static final String QUANTILES = "quantiles";

    private static final int LONGEST = 256;
    private static final String BINARY_SIZE = "binary_data_size";
    private static final String BINARY_DATA = "binary_data";

    private final Limits limits;
    /** The id that the client gave; null if it gave none. */
    String id;
    /** What is wanted of every series, of the model that the path names. */
    Options options = Options.defaults("");
    private TemporalAmount frequency;
    private final List<Input> inputs = new ArrayList<>();
    /** Those of the first input; NaN where they are not observed. */
    private double[] values;
    /** The client's names of the outputs that it wants, by ours; empty for all. */
    private final Map<String, String> outputs = new HashMap<>();
    /** Whether outputs are answered in binary: some by our names, and all others. */
    private final Map<String, Boolean> binary = new HashMap<>();
    private boolean allBinary;

    /** A tensor; what the body lacks is null, and the size is -1 where its data are JSON. */
    private record Input(String name, String datatype, int[] shape, double[] data, int size, String pointer) {
        int count() {
            return Arrays.stream(shape).reduce(1, Math::multiplyExact);
        }

        void require(boolean holds, String member, String expected) {
            if (!holds) throw new Problem(Type.INVALID_VALUE, "expected " + expected, pointer + "/" + member);
        }

        /** Its data, of which the body has reserved the memory; in binary they are little-endian. */
        double[] values(InputStream tensors) throws IOException {
            int count = count();
            if (size < 0) {
                require(data != null && data.length == count, "data", "as many values as the shape has, " + count);
                return data;
            }
            require(data == null, "data", "no data beside those in binary");
            require(size == (long) count * bytes(datatype), "parameters/" + BINARY_SIZE,
                    "the bytes of as many values as the shape has, " + (long) count * bytes(datatype));
            ByteBuffer bytes = ByteBuffer.wrap(tensors.readNBytes(size)).order(ByteOrder.LITTLE_ENDIAN);
            require(bytes.limit() == size, "parameters/" + BINARY_SIZE,
                    "as many bytes behind the JSON, which end early");
            double[] values = new double[count];
            for (int i = 0; i < values.length; i++) values[i] = value(bytes);
            return values;
        }

        /** A number or NaN, as JSON has them too: not infinite in FP32. */
        private double value(ByteBuffer bytes) {
            double value = switch (bytes(datatype)) {
                case Float.BYTES -> bytes.getFloat();
                case Double.BYTES -> bytes.getDouble();
                default -> bytes.get();
            };
            require(!Float.isInfinite((float) value), "data", "numbers within the range of float32");
            return value;
        }
    }

    private InferenceBody(Limits limits) {
        this.limits = limits;
    }

    /**
     * Reads a body.
     *
     * @param tensors the data in binary behind the JSON
     */
    static InferenceBody read(JsonBody json, InputStream tensors, Limits limits) throws IOException {
        InferenceBody body = new InferenceBody(limits);
        json.beginObject();
        for (String member = json.nextMember(); member != null; member = json.nextMember()) {
            switch (member) {
                case "id" -> body.id = json.text(LONGEST);
                case "parameters" -> body.readParameters(json);
                case "inputs" -> body.readInputs(json);
                case "outputs" -> body.readOutputs(json);
                default -> throw json.unknown(member, "id, parameters, inputs or outputs");
            }
        }
        json.end();
        body.readData(tensors);
        if (tensors.read() >= 0) {
            throw new Problem(Type.INVALID_VALUE, "expected no more bytes behind the JSON than the inputs have",
                    "/inputs");
        }
        return body;
    }

    private void readParameters(JsonBody json) throws IOException {
        json.beginObject();
        for (String member = json.nextMember(); member != null; member = json.nextMember()) {
            switch (member) {
                case "horizon", "mode" -> options = options.with(member, json, limits, "");
                case "quantiles" -> options = new Options("", options.mode(), options.horizon(), levels(json));
                case "frequency" -> frequency = ForecastBody.frequency(json);
                case "binary_data_output" -> allBinary = json.truth();
                default -> throw json.unknown(member, "horizon, quantiles, frequency, mode or binary_data_output");
            }
        }
    }

    /** An array, or a text with commas: the protocol knows no arrays as parameters. */
    private double[] levels(JsonBody json) throws IOException {
        double[] read;
        if (json.nextIsText()) {
            try {
                read = Arrays.stream(json.currentText(LONGEST).split(",")).mapToDouble(Double::parseDouble).toArray();
            } catch (NumberFormatException e) {
                throw json.expected("numbers between commas");
            }
        } else {
            read = json.currentNumbers(limits.levels());
        }
        if (read.length <= limits.levels() && ForecastBody.wrongLevel(read) < 0) return read;
        throw json.expected("at most " + limits.levels() + " ascending levels above 0 and below 1");
    }

    private void readInputs(JsonBody json) throws IOException {
        json.beginArray();
        while (json.nextObject("input")) {
            if (inputs.size() == 2) throw json.expected("one or two inputs");
            inputs.add(input(json));
        }
    }

    private Input input(JsonBody json) throws IOException {
        String pointer = json.pointer();
        String name = null;
        String datatype = null;
        int[] shape = null;
        JsonBody.Flat data = null;
        int size = -1;
        for (String member = json.nextMember(); member != null; member = json.nextMember()) {
            switch (member) {
                case "name" -> name = json.text(LONGEST);
                case "datatype" -> datatype = json.text(LONGEST);
                case "shape" -> shape = shape(json);
                case "data" -> data = json.flattened();
                case "parameters" -> size = readBinarySize(json);
                default -> throw json.unknown(member, "name, datatype, shape, data or parameters");
            }
        }
        Input input = new Input(name, datatype, shape, data == null ? null : data.numbers(), size, pointer);
        // Its datatype may come after its data.
        input.require(data == null || data.numbers().length == 0 || data.truths() == "BOOL".equals(datatype), "data",
                "true or false for BOOL alone, else numbers and nulls");
        return input;
    }

    private static int[] shape(JsonBody json) throws IOException {
        double[] sizes = json.numbers(3);
        double count = 1;
        for (double size : sizes) {
            count *= size;
            if (size >= 1 && size == Math.rint(size) && count <= Integer.MAX_VALUE) continue;
            throw json.expected("whole sizes of at least 1, for at most " + Integer.MAX_VALUE + " values");
        }
        return Arrays.stream(sizes).mapToInt(size -> (int) size).toArray();
    }

    private void readOutputs(JsonBody json) throws IOException {
        json.beginArray();
        while (json.nextObject("output")) {
            String known = null;
            Boolean isBinary = null;
            for (String member = json.nextMember(); member != null; member = json.nextMember()) {
                switch (member) {
                    case "name" -> {
                        String name = json.text(LONGEST);
                        // Flink's client sends names in capitals.
                        known = name.toLowerCase(Locale.ROOT);
                        if (!known.equals(FORECAST) && !known.equals(QUANTILES)) {
                            throw json.expected("the output forecast or quantiles");
                        }
                        outputs.put(known, name);
                    }
                    case "parameters" -> isBinary = readBinaryOutput(json);
                    default -> throw json.unknown(member, "name or parameters");
                }
            }
            if (known == null) throw json.expected("the name of each output");
            if (isBinary != null) binary.put(known, isBinary);
        }
    }

    /** The size of the data in binary; -1 for none. */
    private int readBinarySize(JsonBody json) throws IOException {
        int size = -1;
        json.beginObject();
        for (String member = json.nextMember(); member != null; member = json.nextMember()) {
            switch (member) {
                case BINARY_SIZE -> size = json.integer(0, limits.bodyBytes());
                case BINARY_DATA -> json.truth();
                default -> throw json.unknown(member, BINARY_SIZE);
            }
        }
        return size;
    }

    private static Boolean readBinaryOutput(JsonBody json) throws IOException {
        Boolean isBinary = null;
        json.beginObject();
        for (String member = json.nextMember(); member != null; member = json.nextMember()) {
            if (!member.equals(BINARY_DATA)) throw json.unknown(member, BINARY_DATA);
            isBinary = json.truth();
        }
        return isBinary;
    }

    /** Checks the inputs, and reads what is in binary. */
    private void readData(InputStream tensors) throws IOException {
        if (outputs.containsKey(QUANTILES) && options.levels().length == 0) {
            throw new Problem(Type.INVALID_VALUE, "expected levels for the output quantiles", "/parameters/quantiles");
        }
        if (inputs.isEmpty()) throw new Problem(Type.INVALID_VALUE, "expected an input", "/inputs");
        Input series = inputs.get(0);
        series.require("FP32".equals(series.datatype) || "FP64".equals(series.datatype), "datatype", "FP32 or FP64");
        series.require(series.shape != null && series.shape.length >= 2, "shape",
                "[series, steps] or [series, channels, steps]");
        values = series.values(tensors);
        if (inputs.size() == 1) return;
        Input observed = inputs.get(1);
        observed.require("observed".equals(observed.name), "name", "observed");
        observed.require("BOOL".equals(observed.datatype), "datatype", "BOOL");
        observed.require(Arrays.equals(series.shape, observed.shape), "shape", "that of the first input");
        double[] truths = observed.values(tensors);
        for (int i = 0; i < truths.length; i++) if (truths[i] == 0) values[i] = Double.NaN;
    }

    private static int bytes(String datatype) {
        return switch (datatype) {
            case "FP32" -> Float.BYTES;
            case "FP64" -> Double.BYTES;
            default -> 1;
        };
    }

    /** The name by which the client wants an output; null where it wants others. */
    String wanted(String output) {
        return outputs.isEmpty() ? output : outputs.get(output);
    }

    /**
     * A tensor of the answer, of the datatype of the series.
     *
     * @param output its name here
     * @param tensors to which its data are added where the client wants them in binary
     * @param values channels × horizon, for each combination of the axes before these
     * @param axes before these
     */
    Map<String, Object> output(String output, List<byte[]> tensors, List<double[][]> values, int... axes) {
        String name = wanted(output);
        double[][] first = values.get(0);
        int[] shape = Arrays.copyOf(axes, axes.length + (hasChannels() ? 2 : 1));
        if (hasChannels()) shape[axes.length] = first.length;
        shape[shape.length - 1] = first[0].length;
        String datatype = inputs.get(0).datatype;
        boolean isDouble = datatype.equals("FP64");
        if (binary.getOrDefault(output, allBinary)) {
            ByteBuffer bytes = ByteBuffer.allocate(bytes(datatype) * Arrays.stream(shape).reduce(1, (a, b) -> a * b))
                    .order(ByteOrder.LITTLE_ENDIAN);
            values.stream().flatMap(Arrays::stream).flatMapToDouble(Arrays::stream).forEach(value -> {
                if (isDouble) bytes.putDouble(value);
                else bytes.putFloat((float) value);
            });
            tensors.add(bytes.array());
            return Json.object("name", name, "datatype", datatype, "shape", shape, "parameters",
                    Map.of(BINARY_SIZE, bytes.capacity()));
        }
        Iterable<Object> data = () -> values.stream()
                .flatMap(Arrays::stream)
                .flatMapToDouble(Arrays::stream)
                .mapToObj(value -> isDouble ? (Object) value : (Object) (float) value)
                .iterator();
        return Json.object("name", name, "datatype", datatype, "shape", shape, "data", data);
    }

    boolean hasChannels() {
        return inputs.get(0).shape.length == 3;
    }

    List<ForecastRequest> requests() {
        Input series = inputs.get(0);
        int count = series.shape[0];
        int channels = hasChannels() ? series.shape[1] : 1;
        int steps = series.shape[series.shape.length - 1];
        if ((long) count * channels > limits.channels()) {
            throw new Problem(Type.TOO_LARGE, "expected at most " + limits.channels() + " channels of all series",
                    "/inputs/0/shape");
        }
        List<ForecastRequest> requests = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            double[][] history = new double[channels][];
            for (int c = 0; c < channels; c++) {
                int from = (n * channels + c) * steps;
                history[c] = Arrays.copyOfRange(values, from, from + steps);
            }
            ForecastRequest request = options.on(ForecastRequest.of(history));
            requests.add(frequency != null ? request.withFrequency(frequency) : request);
        }
        return requests;
    }
}
