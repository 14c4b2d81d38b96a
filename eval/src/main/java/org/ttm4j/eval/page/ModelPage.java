package org.ttm4j.eval.page;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Period;
import java.time.temporal.TemporalAmount;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.plot.ForecastPanel;
import org.ttm4j.forecast.rolling.Season;
import org.ttm4j.ttm.BundledModels;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.io.Json;
import org.ttm4j.ttm.io.Safetensors;

/**
 * An HTML file in which the default bundled model runs. It shows every stage of the forward pass, and updates the
 * forecast when the user changes the history. It contains the weights, in half precision as they are bundled, and the
 * Java code that it shows, and makes no requests. The forward pass is {@code ttm.js} in the package of this class;
 * PageNumbersTest compares it with the bundled model at every stage. Stateless.
 */
public final class ModelPage {
    /** The texts that the page shows. The build copies these files to the resources of this package. */
    private static final List<String> SOURCES = List.of("docs/model.md", "examples/Ttm.java");
    /** The most series. More would make the file large and the list to choose from long. */
    private static final int MOST_SERIES = 24;

    private ModelPage() {}

    /**
     * The page with the series of a file.
     *
     * @param series whose channels one can choose from, in addition to the page's own; at most 24 channels are used
     * @throws IOException when the bundled model cannot be read
     */
    public static String of(List<TimeSeries> series) throws IOException {
        return html(series, false);
    }

    /** The page of the service, with a link to the studio. Throws as {@link #of}. */
    public static String ofService() throws IOException {
        return html(List.of(), true);
    }

    private static String html(List<TimeSeries> series, boolean service) throws IOException {
        Checkpoint checkpoint = BundledModels.checkpoint(BundledModels.DEFAULT);
        TtmConfig config = checkpoint.config();
        Map<String, Object> data = Json.object("model", BundledModels.DEFAULT, "config", config.toJson(), "series",
                series.stream()
                        .flatMap(one -> IntStream.range(0, one.channels().size()).mapToObj(c -> json(one, c, config)))
                        .limit(MOST_SERIES)
                        .toList(),
                "service", service);
        Map<String, Object> sources = new LinkedHashMap<>();
        for (String path : SOURCES)
            sources.put(path, Template.resource(ModelPage.class, path.substring(path.lastIndexOf('/') + 1)));
        ByteArrayOutputStream weights = new ByteArrayOutputStream();
        Safetensors.write(weights, checkpoint.tensors(), Map.of());
        return Template.filled("page.html", Map.of("data", Template.script(data), "sources", Template.script(sources),
                "weights", Base64.getEncoder().encodeToString(weights.toByteArray())));
    }

    /**
     * A channel as the object that series.js describes, with at most the steps that the model sees. The times continue for the
     * horizon of the model.
     */
    private static Map<String, Object> json(TimeSeries series, int channel, TtmConfig config) {
        int from = Math.max(0, series.length() - config.contextLength());
        DoubleFunction<Number> numbers = series.numbers(channel);
        TemporalAmount frequency = series.axis().frequency().toTemporalAmount().orElse(null);
        // The lengths of months differ.
        boolean isOfMonths = frequency instanceof Period period && period.toTotalMonths() > 0;
        Double seconds = frequency == null || isOfMonths ? null : Season.length(frequency).toMillis() / 1000.0;
        Season season = Season.of(frequency, config.contextLength());
        return Json.object("name", Printable.of(ForecastPanel.titled(series, series.channels().get(channel))),
                "seconds", seconds, "season",
                season.steps() == 1 ? null : Json.object("steps", season.steps(), "name", season.name()), "values",
                Arrays.stream(series.doubleChannel(channel), from, series.length())
                        .mapToObj(value -> Double.isFinite(value) ? numbers.apply(value) : null)
                        .toList(),
                "times",
                IntStream.range(from, series.length() + config.outputLength())
                        .mapToObj(t -> Printable.of(series.axis().readableAt(t)))
                        .toList());
    }
}
