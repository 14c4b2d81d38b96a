package org.ttm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/model.md and the page in which the model runs say of examples/Ttm.java is so. */
class WalkthroughTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Path SOURCE = ROOT.resolve("examples/Ttm.java");
    private static final String LAYERS = "backbone.encoder.mlp_mixer_encoder.mixers.";
    private static final int TOKENS = 9;
    private static final int HOUR = 7;

    @TempDir
    Path classes;

    /** The methods of the file, on the bundled model. */
    private record Ttm(Class<?> type, Object model) {
        private static Ttm of(ClassLoader loader) throws Exception {
            Class<?> type = loader.loadClass("Ttm");
            Constructor<?> constructor = type.getDeclaredConstructor(Path.class);
            constructor.setAccessible(true);
            return new Ttm(type,
                    constructor.newInstance(ROOT.resolve("ttm/src/main/resources/org/ttm4j/ttm/models/512-96")));
        }

        @SuppressWarnings("unchecked")
        private <T> T call(String name, Object... arguments) throws Exception {
            for (Method method : type.getDeclaredMethods()) {
                if (!method.getName().equals(name) || method.getParameterCount() != arguments.length) continue;
                method.setAccessible(true);
                return (T) method.invoke(model, arguments);
            }
            throw new AssertionError("no method " + name);
        }
    }

    @Test
    void theNumbersOfTheSampleAreThoseOfTheFile() throws Exception {
        int code = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-d", classes.toString(), SOURCE.toString());
        assertEquals(0, code);
        try (URLClassLoader loader = new URLClassLoader(new URL[]{classes.toUri().toURL()})) {
            String page = Files.readString(ROOT.resolve("docs/model.md")).replaceAll("\\s+", " ");
            for (String text : texts(Ttm.of(loader))) assertTrue(page.contains(text), "docs/model.md lacks: " + text);
        }
    }

    /** What the page says, in its order. */
    private static List<String> texts(Ttm ttm) throws Exception {
        double[] history = Files.readAllLines(ROOT.resolve("data/samples/hourly-load.csv"))
                .stream()
                .skip(1)
                .map(line -> line.split(",", -1)[1])
                .mapToDouble(cell -> cell.isEmpty() ? Double.NaN : Double.parseDouble(cell))
                .toArray();
        List<String> texts = new ArrayList<>();
        double[] context = ttm.call("context", history);
        texts.add(row("[512]", 1, context));
        double mean = ttm.call("mean", context);
        double deviation = ttm.call("deviation", context, mean);
        texts.add("| | " + number(mean, 2) + ", " + number(deviation, 2) + " |");
        float[] scaled = ttm.call("scaled", ttm.call("interpolated", context), mean, deviation);
        texts.add(row("[512]", 3, doubles(scaled)));
        texts.add(row("[8, 64]", 3, doubles(scaled)));
        float[] embedded = ttm.call("linear", scaled, "backbone.encoder.patcher");
        texts.add(row("[8, 192]", 3, doubles(embedded)));
        float[] tokens = ttm.call("joined", ttm.call("prefix", HOUR), embedded);
        texts.add(row("[9, 192]", 3, doubles(tokens)));
        float[] x = tokens;
        for (int level = 0; level < 3; level++) {
            int factor = 4 >> level;
            for (int layer = 0; layer < 2; layer++) {
                x = ttm.call("mixerLayer", x, TOKENS * factor, LAYERS + level + ".mixer_layers." + layer);
            }
            texts.add(row("[" + TOKENS * factor + ", " + 192 / factor + "]", 3, doubles(x)));
        }
        texts.add(row("[9, 128]", 3, doubles(ttm.call("linear", x, "decoder.adapter"))));
        float[] decoded = ttm.call("decoder", (Object) x);
        texts.add(row("[9, 128]", 3, doubles(decoded)));
        float[] point = ttm.call("linear", decoded, "head.base_forecast_block");
        texts.add(row("[96]", 3, doubles(point)));
        float[][] quantiles = ttm.call("quantiles", point, decoded);
        texts.add(row("[9, 96]", 3, Arrays.stream(quantiles).mapToDouble(quantile -> quantile[0]).toArray()));
        double[][] forecast = ttm.call("forecast", history, HOUR);
        texts.add(row("[9, 96]", 2, forecast[4]));
        double last = history[history.length - 1];
        texts.add("the last value of the sample becomes (" + number(last, 1) + " − " + number(mean, 2) + ")/"
                + number(deviation, 2) + " = " + number(scaled[511], 3));
        texts.add("The mean of the forecast is " + number(meanAs(ttm, history, HOUR), 2)
                + " kW; were the steps days, it would be " + number(meanAs(ttm, history, HOUR + 1), 2) + ", and "
                + number(meanAs(ttm, history, 0), 2) + " if nothing were known of them");
        texts.add(ofTheFirstGate(ttm, tokens));
        return texts;
    }

    private static double meanAs(Ttm ttm, double[] history, int resolution) throws Exception {
        double[][] forecast = ttm.call("forecast", history, resolution);
        return Arrays.stream(forecast[4]).average().orElseThrow();
    }

    /** The first number of the last row of the finest level, on its way through the first patch mixer. */
    private static String ofTheFirstGate(Ttm ttm, float[] tokens) throws Exception {
        int rows = 4 * TOKENS;
        int columns = tokens.length / rows;
        int at = rows - 1; // in the transposed block
        String name = LAYERS + "0.mixer_layers.0.patch_mixer";
        float[] turned = ttm.call("transposed", ttm.call("norm", tokens, name), rows, columns);
        float[] expanded = ttm.call("linear", turned, name + ".mlp.fc1");
        float[] hidden = ttm.call("gelu", expanded);
        float[] m = ttm.call("linear", hidden, name + ".mlp.fc2");
        float[] a = ttm.call("linear", m, name + ".gating_block.attn_layer");
        double[] gates = Arrays.stream(doubles(a)).map(logit -> 1 / (1 + Math.exp(-logit))).toArray();
        float r = tokens[(rows - 1) * columns];
        return String.format(
                "r = %s, LayerNorm makes it %s, m = %s, p = σ(%s) = %s, so x = %s − %s. All gates of this mixer lie "
                        + "between %s and %s, and are %s on average.",
                number(r, 3), number(turned[at], 3), number(m[at], 3), number(a[at], 3), number(gates[at], 3),
                number(r, 3), number(-m[at] * gates[at], 3), number(Arrays.stream(gates).min().orElseThrow(), 3),
                number(Arrays.stream(gates).max().orElseThrow(), 3),
                number(Arrays.stream(gates).average().orElseThrow(), 3));
    }

    /** A shape and the first two and the last of its numbers, as cells of a table. */
    private static String row(String shape, int digits, double[] values) {
        return "| " + shape + " | " + number(values[0], digits) + ", " + number(values[1], digits) + " … "
                + number(values[values.length - 1], digits) + " |";
    }

    private static String number(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value).replace('-', '−');
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) doubles[i] = values[i];
        return doubles;
    }

    /** Each stage names methods and variables of the file; a browser would find out late that one is missing. */
    @Test
    void whatThePageShowsIsInTheFile() throws IOException {
        String source = Files.readString(SOURCE);
        String stages = Files.readString(ROOT.resolve("eval/src/main/resources/org/ttm4j/eval/page/stages.js"));
        assertEquals(9, names("pass", stages).size());
        for (String name : String.join(",", names("methods", stages)).split("\\W+")) {
            assertTrue(Pattern.compile("^    \\w.* " + name + "\\(.*\\{$", Pattern.MULTILINE).matcher(source).find(),
                    name);
        }
        for (String name : String.join(",", names("pass", stages)).split("\\W+")) {
            assertTrue(source.contains("] " + name + " = ") || source.contains("double " + name + " = "), name);
        }
    }

    private static List<String> names(String key, String stages) {
        return Pattern.compile(key + ": \\[(.*?)\\]")
                .matcher(stages)
                .results()
                .map(MatchResult::group)
                .map(list -> list.replaceAll(".*\\[|[\\]' ]", ""))
                .toList();
    }
}
