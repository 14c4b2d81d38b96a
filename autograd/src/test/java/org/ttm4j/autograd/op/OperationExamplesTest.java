package org.ttm4j.autograd.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.Shape;

/**
 * The examples in the comments of the operations, {@code Affine.of([[1, 2]], [[3, 4]], [5]) = [[16]]}, come out as they say. They
 * run in a graph that is training, with seed 0.
 */
class OperationExamplesTest {
    private static final Path FOLDER = Path.of("src/main/java/org/ttm4j/autograd/op");
    private static final Pattern EXAMPLE = Pattern.compile("\\{@code ((\\w+)\\.(\\w+)\\((.*)\\) = (.*))\\}\\.");
    private static final Pattern TOKEN = Pattern.compile("[\\[\\]()]|\\w+\\(\\)|[\\w.-]+");

    /** What stands in a file: the whole, and the call in its parts. */
    record Example(String text, String type, String method, String arguments, String result) {
        @Override
        public String toString() {
            return text;
        }
    }

    static List<Example> examples() throws IOException {
        List<Example> examples = new ArrayList<>();
        for (String name : operations()) {
            for (MatchResult match : examples(name)) {
                examples.add(
                        new Example(match.group(1), match.group(2), match.group(3), match.group(4), match.group(5)));
            }
        }
        return examples;
    }

    private static List<MatchResult> examples(String name) throws IOException {
        return EXAMPLE.matcher(Files.readString(FOLDER.resolve(name + ".java"))).results().toList();
    }

    private static List<String> operations() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .filter(name -> name.matches("[A-Z]\\w+") && !"Gating".equals(name))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void everyOperationHasAnExampleOfItsOwn() throws IOException {
        for (String name : operations()) {
            List<String> types = examples(name).stream().map(match -> match.group(2)).distinct().toList();
            assertEquals(List.of(name), types);
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void comesOutAsItSays(Example example) throws ReflectiveOperationException {
        Graph graph = new Graph(Graph.Mode.TRAINING);
        List<Object> arguments = values(example.arguments());
        Object result = null;
        for (Method method : Class.forName(getClass().getPackageName() + "." + example.type()).getMethods()) {
            Object[] given = method.getName().equals(example.method()) ? given(graph, method, arguments) : null;
            if (given != null) result = result(method, given);
        }
        graph.forward();
        List<Object> expected = values(example.result());
        List<Tensor> tensors = result instanceof Standardize.Result all
                ? List.of(all.scaled(), all.loc(), all.scale())
                : List.of((Tensor) result);
        if (tensors.size() > 1) expected = list(expected.get(0));
        assertEquals(tensors.size(), expected.size());
        for (int i = 0; i < tensors.size(); i++) {
            assertEquals(shape(expected.get(i)), tensors.get(i).shape(), example.text());
            List<Object> numbers = flat(expected.get(i));
            String actual = Arrays.toString(tensors.get(i).value());
            for (int j = 0; j < numbers.size(); j++) {
                String number = (String) numbers.get(j);
                double half = Math.pow(10, -new BigDecimal(number).scale()) / 2;
                double tolerance = number.contains(".") ? half : 1e-6;
                assertEquals(Double.parseDouble(number), tensors.get(i).value()[j], tolerance, actual);
            }
        }
    }

    private static Object result(Method method, Object[] given) throws ReflectiveOperationException {
        try {
            return method.invoke(null, given);
        } catch (InvocationTargetException failure) {
            throw new AssertionError(failure.getCause());
        }
    }

    /** The values of a text: numbers and words as they are written, lists as lists. */
    private static List<Object> values(String text) {
        return values(TOKEN.matcher(text));
    }

    /** Up to the bracket that closes. */
    private static List<Object> values(Matcher tokens) {
        List<Object> values = new ArrayList<>();
        while (tokens.find()) {
            String token = tokens.group();
            if (token.matches("[\\])]")) return values;
            values.add(token.matches("[\\[(]") ? values(tokens) : token);
        }
        return values;
    }

    /** Values as the arguments of a method; null where they are none. */
    private static Object[] given(Graph graph, Method method, List<Object> values) throws ReflectiveOperationException {
        Class<?>[] types = method.getParameterTypes();
        int fixed = method.isVarArgs() ? types.length - 1 : types.length;
        if (values.size() < fixed || values.size() > fixed && !method.isVarArgs()) return null;
        Object[] given = new Object[types.length];
        for (int i = 0; i < fixed; i++) given[i] = given(graph, types[i], values.get(i));
        if (method.isVarArgs()) given[fixed] = given(graph, types[fixed], values.subList(fixed, values.size()));
        return given;
    }

    private static Object given(Graph graph, Class<?> type, Object value) throws ReflectiveOperationException {
        if (value.equals("null")) return null;
        if (type == int.class) return Integer.parseInt((String) value);
        if (type == float.class) return Float.parseFloat((String) value);
        if (type == boolean.class) return Boolean.parseBoolean((String) value);
        if (type == int[].class) return list(value).stream().mapToInt(x -> Integer.parseInt((String) x)).toArray();
        if (type == float[].class) return floats(value);
        if (type == PointwiseLoss.Function.class) {
            String method = ((String) value).replace("()", "");
            return type.getMethod(method).invoke(null);
        }
        if (type == Tensor[].class) return list(value).stream().map(x -> tensor(graph, x)).toArray(Tensor[]::new);
        return type == Tensor.class ? tensor(graph, value) : parameter(value);
    }

    private static Tensor tensor(Graph graph, Object value) {
        Tensor tensor = graph.input(shape(value));
        float[] floats = floats(value);
        System.arraycopy(floats, 0, tensor.value(), 0, floats.length);
        return tensor;
    }

    /** A list is a parameter with these values, a number a counter. */
    private static Parameter parameter(Object value) {
        if (value instanceof String) return new Parameter("counter", Parameter.Kind.COUNTER, Shape.of(1));
        Parameter parameter = new Parameter("parameter", Parameter.Kind.TRAINED, shape(value));
        float[] floats = floats(value);
        System.arraycopy(floats, 0, parameter.value(), 0, floats.length);
        parameter.changed();
        return parameter;
    }

    private static Shape shape(Object value) {
        List<Integer> dims = new ArrayList<>();
        for (Object inner = value; inner instanceof List<?> list; inner = list.get(0)) dims.add(list.size());
        return Shape.of(dims.stream().mapToInt(Integer::intValue).toArray());
    }

    private static float[] floats(Object value) {
        List<Object> numbers = flat(value);
        float[] floats = new float[numbers.size()];
        for (int i = 0; i < floats.length; i++) floats[i] = Float.parseFloat((String) numbers.get(i));
        return floats;
    }

    private static List<Object> flat(Object value) {
        return value instanceof List<?> list
                ? list.stream().flatMap(inner -> flat(inner).stream()).toList()
                : List.of(value);
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object value) {
        return (List<Object>) value;
    }
}
