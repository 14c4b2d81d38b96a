package org.ttm4j.eval.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.eval.table.ForecastMembers;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.ttm.io.Json;

/**
 * The page of the service on which a user drops a table and sees the forecast, and the same page as a file that shows
 * forecasts. It is one HTML file, which makes requests only to the service that it came from; as a file it makes none.
 * Stateless.
 */
public final class StudioPage {
    /** Numbers of history in a file, and steps of a series; longer histories are cut at their beginning. */
    private static final int MOST_NUMBERS = 200_000;
    private static final int MOST_STEPS = 4000;

    private StudioPage() {}

    /** The HTML of the page of a service. */
    public static String html() {
        return Template.filled("studio.html", Map.of("shown", "null"));
    }

    /**
     * The HTML of a file, whose data are as the service answers a table.
     *
     * @param name of the table
     * @param forecasts of each of its series
     */
    public static String showing(String name, CsvFile csv, List<Forecast> forecasts) {
        int channels = forecasts.stream().mapToInt(forecast -> forecast.channels().length).sum();
        int steps = Math.min(MOST_STEPS, MOST_NUMBERS / Math.max(1, channels));
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < forecasts.size(); i++) {
            all.add(ForecastMembers.of(csv.series().get(i), forecasts.get(i), steps));
        }
        Map<String, Object> shown = Json.object("name", name, "columns", List.of(), "forecasts", all, "repaired",
                csv.report().lines().toList(), "left_out",
                csv.rejected().stream().map(rejected -> Map.of("detail", rejected.getMessage())).toList());
        return Template.filled("studio.html", Map.of("shown", Template.script(shown)));
    }
}
