package org.ttm4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.cli.CliRun;
import org.ttm4j.ttm.fixtures.Samples;

/** A counter around 1e9 in steps of 5: whatever is said of it is that of the same series around 1e4. */
class CounterTest {
    private static final int ROWS = 300;
    private static final long OFFSET = 1_000_000_000;
    /** Nearer to 0 the series grows by a factor, and its logarithms are forecast too. */
    private static final long NEAR = 10_000;
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE]-?\\d+)?");

    @TempDir
    Path folder;

    private void file(String name, long offset) throws IOException {
        StringBuilder text = new StringBuilder("time,meter\n");
        for (int t = 0; t < ROWS; t++) {
            // One value is wrong by less than float32 has steps at 1e9.
            long value = offset + 5 * t + t * t * 7919 % 13 + (t == 250 ? 40 : 0);
            text.append(Samples.time(t)).append(',').append(value).append('\n');
        }
        Files.writeString(folder.resolve(name), text);
    }

    private CliRun run(String command, String name) {
        CliRun run = CliRun.in(folder, command.formatted(name).split(" "));
        assertEquals(Command.OK, run.code(), run.err());
        return run;
    }

    /** Of what a command prints and of the table of cross-validation. */
    private List<Double> numbersOf(String command, String name) throws IOException {
        String printed = run(command, name).out();
        Path past = folder.resolve("past.csv");
        return numbers(Files.exists(past) ? printed + Files.readString(past) : printed);
    }

    private static List<Double> numbers(String text) {
        return NUMBER.matcher(text).results().map(MatchResult::group).map(Double::valueOf).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"forecast %s --horizon 24", "forecast %s --horizon 24 --cv past.csv",
            "forecast %s --model 96-24 --mode fast --quantiles 0.2,0.5,0.8 --horizon 48",
            "anomalies %s --level 0.9 --every 12", "explain %s --model 96-24 --step 2 --json"})
    void isForecastWithItsDigits(String command) throws IOException {
        file("plain.csv", NEAR);
        file("meter.csv", OFFSET);
        List<Double> expected = numbersOf(command, "plain.csv");
        List<Double> found = numbersOf(command, "meter.csv");
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < expected.size(); i++) {
            double plain = expected.get(i) > NEAR / 2 ? expected.get(i) - NEAR : expected.get(i);
            double counter = found.get(i) > OFFSET / 2 ? found.get(i) - OFFSET : found.get(i);
            assertEquals(plain, counter, 2e-3 * Math.max(1, Math.abs(plain) / 100), "number " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {100_000_000, OFFSET})
    void pointsLieWithinTheirIntervals(long offset) throws IOException {
        file("meter.csv", offset);
        List<String> rows = run("forecast %s --horizon 48 --quantiles 0.1,0.5,0.9", "meter.csv").lines();
        for (String row : rows.subList(1, rows.size())) {
            String[] cells = row.split(",");
            double point = Double.parseDouble(cells[1]);
            assertTrue(Double.parseDouble(cells[2]) <= point && point <= Double.parseDouble(cells[4]), row);
        }
        assertEquals(49, rows.size());
    }
}
