package org.ttm4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.cli.CliRun;
import org.ttm4j.forecast.fixtures.OneForecast;
import org.ttm4j.ttm.io.Json;

/** What {@link OneForecast} says, of the commands. */
class OneForecastTest {
    private static final String HORIZON = Integer.toString(OneForecast.HORIZON);

    @TempDir
    Path folder;

    private void write(String name, double... values) throws IOException {
        StringBuilder rows = new StringBuilder("time,load\n");
        for (int t = 0; t < values.length; t++) {
            rows.append(OneForecast.START.plusHours(t)).append(',').append(values[t]).append('\n');
        }
        Files.writeString(folder.resolve(name), rows);
    }

    @Test
    void forecastWithoutOptionsIsThatOfEveryDoor() throws IOException {
        write("x.csv", OneForecast.history());
        CliRun run = CliRun.in(folder, "forecast", "x.csv", "--horizon", HORIZON, "--plot", "none");
        assertEquals(0, run.code(), run.err());
        List<String> rows = run.out().lines().skip(1).toList();
        OneForecast.assertSame(rows.stream().mapToDouble(row -> Double.parseDouble(row.split(",")[1])).toArray(),
                "ttm forecast");
    }

    /** Its error at the one origin is that of this forecast. */
    @Test
    void backtestWithoutOptionsMeasuresThatOfEveryDoor() throws IOException {
        double[] history = OneForecast.history();
        double[] expected = OneForecast.expected();
        double[] all = Arrays.copyOf(history, history.length + OneForecast.HORIZON);
        double error = 0;
        for (int h = 0; h < OneForecast.HORIZON; h++) {
            all[history.length + h] = 100 + h;
            error += Math.abs(100 + h - expected[h]) / OneForecast.HORIZON;
        }
        write("x.csv", all);
        CliRun run = CliRun.in(folder, "backtest", "x.csv", "--horizon", HORIZON, "--start",
                Integer.toString(history.length), "--json");
        assertEquals(0, run.code(), run.err());
        Map<String, Object> json = Json.parseObject(run.out().getBytes(), "stdout");
        assertEquals(error, (double) json.get("mae"), 1e-9 * error, run.out());
    }
}
