package org.ttm4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.cli.CliRun;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.io.DType;
import org.ttm4j.ttm.io.FolderLock;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.train.Channels.Role;
import org.ttm4j.ttm.train.Channels;

/** {@code ttm finetune} from the file to a model that the other commands take. */
@Tag("training")
class FinetuneCommandTest {
    @TempDir
    Path folder;

    @BeforeEach
    void files() throws Exception {
        Samples.model(folder);
        Samples.hourly(folder.resolve("data.csv"), 0, 400, "load", "plan", "past");
    }

    private CliRun finetune(String... more) {
        String[] all = new String[more.length + 11];
        String[] common = {"finetune", "data.csv", "--model", "model", "--out", "tuned", "--split", "0.6,0.2,0.2",
                "--epochs", "2", "--threads=1"};
        System.arraycopy(common, 0, all, 0, common.length);
        System.arraycopy(more, 0, all, common.length, more.length);
        return CliRun.in(folder, all);
    }

    @Test
    void theModelServesInOriginalUnits() throws Exception {
        CliRun run = finetune("--target", "load", "--known-future", "plan");
        assertEquals(Command.OK, run.code(), run.err());
        assertTrue(run.err().contains("new: head.fcm_block"), run.err());
        assertTrue(run.err().contains("wrote "), run.err());
        assertEquals("", run.out());
        assertEquals(Role.KNOWN_FUTURE, Channels.read(folder.resolve("tuned")).orElseThrow().inputs().get(1).role());
        String record = Files.readString(folder.resolve("tuned/training.json"));
        assertTrue(record.contains("\"data\": \"data.csv\""), record);
        assertTrue(record.contains("\"loss\": \"mse\"") && record.contains("\"horizon\": " + Samples.HORIZON), record);
        assertTrue(record.contains("\"model_sha256\": \"" + Checkpoint.sha256(folder.resolve("model")) + '"'), record);
        CliRun evaluated = CliRun.in(folder, "evaluate", "data.csv", "--model", "tuned", "--split", "0.6,0.2,0.2");
        assertEquals(Command.OK, evaluated.code(), evaluated.err());
        Samples.hourly(folder.resolve("future.csv"), 400, 412, "plan");
        CliRun forecast = CliRun.in(folder, "forecast", "data.csv", "--model", "tuned", "--future", "future.csv");
        assertEquals(Command.OK, forecast.code(), forecast.err());
        assertEquals(Samples.HORIZON + 1, forecast.lines().size());
    }

    @Test
    @SuppressWarnings("try") // the lock is held, not used
    void twoTrainingsDoNotWriteOneFolder() throws Exception {
        try (FolderLock other = FolderLock.of(folder.resolve("tuned"))) {
            assertMistake(Command.FAILED, "tuned: another training writes this folder");
        }
        assertEquals(Command.OK, finetune().code());
        assertFalse(Files.exists(folder.resolve(".tuned.lock")));
    }

    @ParameterizedTest
    @CsvSource({"5, cut from 12 to 5 steps", "15, lengthened from 12 to 15 steps"})
    void theHorizonIsThatOfOnePass(int horizon, String note) throws Exception {
        CliRun run = finetune("--target", "load", "--known-future", "plan", "--horizon", "" + horizon);
        assertEquals(Command.OK, run.code(), run.err());
        assertTrue(run.err().contains("note: the model's heads are " + note), run.err());
        assertEquals(horizon, Checkpoint.read(folder.resolve("tuned")).config().outputLength());
    }

    @Test
    void aModelKnowsTheHolidaysThatItWasTunedWith() throws Exception {
        StringBuilder text = new StringBuilder("date,load\n");
        for (int t = 0; t < 800; t++) {
            text.append(LocalDate.of(2022, 1, 1).plusDays(t)).append(',').append(Samples.value(t, 0)).append('\n');
        }
        Files.writeString(folder.resolve("data.csv"), text);
        CliRun run = finetune("--holidays", "DE-BY");
        assertEquals(Command.OK, run.code(), run.err());
        Channels.Channel holidays = Channels.read(folder.resolve("tuned")).orElseThrow().inputs().get(1);
        assertEquals("holidays DE-BY", holidays.name());
        assertTrue(holidays.deviation() > 0.1, holidays.toString());
        CliRun forecast = CliRun.in(folder, "forecast", "data.csv", "--model", "tuned", "--quantiles", "none");
        assertEquals(Command.OK, forecast.code(), forecast.err());
        assertEquals(Samples.HORIZON + 1, forecast.lines().size());
        CliRun measured = CliRun.in(folder, "backtest", "data.csv", "--model", "tuned", "--stride", "50");
        assertEquals(Command.OK, measured.code(), measured.err());
        assertTrue(measured.err().contains("on the rows that it was trained on, its errors are too small"),
                measured.err());
    }

    @Test
    void intervalsComeWithTheModel() {
        CliRun run = finetune("--target", "load");
        assertEquals(Command.OK, run.code(), run.err());
        assertTrue(run.err().contains("intervals: from the errors in "), run.err());
        CliRun forecast = CliRun.in(folder, "forecast", "data.csv", "--model", "tuned");
        assertEquals(Command.OK, forecast.code(), forecast.err());
        assertTrue(forecast.lines().get(0).contains("load.q0.1"), forecast.out());
        run = CliRun.in(folder, "finetune", "data.csv", "--model", "model", "--out", "tuned", "--split",
                "0.8,0.04,0.16", "--epochs", "1", "--threads=1", "--target", "load");
        assertEquals(Command.OK, run.code(), run.err());
        assertTrue(run.err()
                .contains(
                        "note: the model has no intervals, so its forecasts have no quantiles: quantiles from 0.1 to 0.9 need 9 windows"),
                run.err());
        assertFalse(Files.exists(folder.resolve("tuned/intervals.safetensors")));
    }

    @Test
    void validationRowsWithoutValuesGiveNoIntervals() throws Exception {
        List<String> lines = Files.readAllLines(folder.resolve("data.csv"));
        for (int row = 240; row < 320; row++) {
            String[] cells = lines.get(row + 1).split(",", -1);
            lines.set(row + 1, cells[0] + "," + cells[1] + ",,");
        }
        Files.write(folder.resolve("data.csv"), lines);
        CliRun run = finetune("--target", "load,plan");
        assertEquals(Command.OK, run.code(), run.err());
        assertTrue(run.err()
                .contains("note: the model has no intervals, so its forecasts have no quantiles: "
                        + "too few observed values: level 0.1 needs 9 windows"),
                run.err());
        assertFalse(Files.exists(folder.resolve("tuned/intervals.safetensors")));
    }

    @Test
    void aModelIsReplacedOnlyByABetterOneThanTheStart() throws Exception {
        assertEquals(Command.OK, finetune("--target", "load").code());
        String before = Checkpoint.sha256(folder.resolve("tuned"));
        // A rate at which nothing is learned: the result is the model before training.
        CliRun run = finetune("--target", "load", "--learning-rate", "1e-9");
        assertEquals(Command.OK, run.code(), run.err());
        assertTrue(run.err().contains("tuned keeps the model that it already held"), run.err());
        assertEquals(before, Checkpoint.sha256(folder.resolve("tuned")));
        assertTrue(Files.exists(folder.resolve("tuned/intervals.safetensors")));
        run = finetune("--target", "load", "--seed", "2");
        assertEquals(Command.OK, run.code(), run.err());
        assertNotEquals(before, Checkpoint.sha256(folder.resolve("tuned")));
    }

    @Test
    void uselessRolesAreSaidAndLeftOut() throws Exception {
        CliRun run = finetune("--target", "load", "--past-only", "past", "--fraction", "0.5");
        assertEquals(Command.OK, run.code(), run.err());
        assertTrue(run.err()
                .contains("note: 'past' (--past-only) is left out: a model uses it only with " + "--channel-mixing"),
                run.err());
        Channels channels = Channels.read(folder.resolve("tuned")).orElseThrow();
        assertEquals(1, channels.inputs().size());
        assertEquals(Role.IGNORED, channels.all().get(1).role());
    }

    @Test
    void seriesOfManyKindsShareAModel() throws Exception {
        StringBuilder text = new StringBuilder("id,time,kind,load\n");
        for (String id : new String[]{"a", "b"}) {
            for (int row = 0; row < 300; row++) {
                text.append(id).append(',').append(Samples.time(row)).append(id.equals("a") ? ",shop," : ",home,");
                text.append(Samples.value(row, 0)).append('\n');
            }
        }
        Files.writeString(folder.resolve("data.csv"), text);
        CliRun run = finetune("--id", "id", "--static-category", "kind", "--channel-mixing");
        assertEquals(Command.OK, run.code(), run.err());
        Channels channels = Channels.read(folder.resolve("tuned")).orElseThrow();
        assertEquals("[home, shop]", channels.categories().get(0).vocabulary().toString());
        assertTrue(run.err().contains("intervals: from the errors in "), run.err());
        CliRun forecast = CliRun.in(folder, "forecast", "data.csv", "--id", "id", "--model", "tuned");
        assertTrue(forecast.lines().get(0).endsWith("load.q0.9"), forecast.err());
        assertTrue(forecast.lines().stream().noneMatch(line -> line.endsWith(",")), forecast.out());
    }

    @Test
    void theModelSuitsTheSeriesAndShortOnesAreNamedOnce() throws Exception {
        StringBuilder text = new StringBuilder("id,time,load\n");
        for (int id = 0; id < 10; id++) {
            int rows = id < 2 ? 40 + id : 400;
            for (int row = 0; row < rows; row++) {
                text.append('s').append(id).append(',').append(Samples.time(row)).append(',');
                text.append(Samples.value(row, id)).append('\n');
            }
        }
        Files.writeString(folder.resolve("data.csv"), text);
        CliRun run = CliRun.in(folder, "finetune", "data.csv", "--id", "id", "--out", "tuned", "--epochs", "1",
                "--threads=1", "--fraction", "0.2");
        assertEquals(Command.OK, run.code(), run.err());
        assertTrue(run.err()
                .contains("note: model 96-24: windows of 96 steps fit into 8 of 10 series, those of 512 "
                        + "steps into 0"),
                run.err());
        assertTrue(run.err().contains("ttm: 2 series are left out ('s0', 's1'): 40 rows"), run.err());
        assertEquals(1, run.err().lines().filter(line -> line.contains("left out")).count(), run.err());
        assertTrue(run.err().contains("intervals: from the errors in "), run.err());
    }

    @Test
    void weightsThatOverflowAreBlamedOnTheModel() throws Exception {
        TtmModel model = TtmModel.of(Checkpoint.read(folder.resolve("model")));
        for (float[] values : model.parameters().values().stream().map(Parameter::value).toList()) {
            for (int i = 0; i < values.length; i++) values[i] *= 1e30f;
        }
        model.save(folder.resolve("model"), DType.F32);
        assertMistake(Command.FAILED, "the loss before training is NaN: the weights are damaged or too large in "
                + folder.resolve("model/model.safetensors"));
        assertFalse(Files.exists(folder.resolve("tuned")));
    }

    @Test
    void mistakesAreNamed() {
        assertMistake(Command.FAILED, "column 'nothing': no such column", "--known-future", "nothing");
        assertMistake(Command.USAGE, "--freeze: expected backbone, weights, none", "--freeze", "head");
        assertMistake(Command.USAGE, "--fraction: expected a number", "--fraction", "few");
        assertMistake(Command.FAILED, "expected 0 < share", "--fraction", "0");
        assertMistake(Command.FAILED,
                "--fraction 0.001: too few training rows for one window of 48 + 12 rows; " + "expected at least 0.063",
                "--fraction", "0.001");
        assertMistake(Command.USAGE, "--head-dropout: expected a number from 0.0 to 0.99", "--head-dropout", "1");
        for (String quantile : new String[]{"0", "1"}) {
            assertMistake(Command.USAGE, "--quantile: expected a number from 0.001 to 0.999", "--quantile", quantile);
        }
        assertMistake(Command.USAGE, "--quantile: expected --loss pinball", "--quantile", "0.9");
        for (String option : new String[]{"--batch", "--threads", "--epochs", "--patience", "--horizon"}) {
            for (String number : new String[]{"0", "2147483647", "x"}) {
                CliRun run = CliRun.in(folder, "finetune", "data.csv", "--out", "tuned", option, number);
                assertEquals(Command.USAGE, run.code(), run.err());
                assertTrue(run.err().contains(option + ": expected a whole number from 1 to "), run.err());
            }
        }
        assertMistake(Command.USAGE, "--learning-rate: expected a number from 1.0E-9 to 1.0", "--learning-rate", "0");
        assertMistake(Command.USAGE, "--seed: expected a whole number from 0 to ", "--seed", "-1");
        assertFalse(Files.exists(folder.resolve("tuned")));
        CliRun file = CliRun.in(folder, "finetune", "data.csv", "--out", "data.csv");
        assertEquals(Command.FAILED, file.code(), file.err());
        assertTrue(file.err().contains("data.csv: cannot be written: it is a file; name a folder"), file.err());
    }

    /** Where no bundled model has room, the error is that of the shortest context. */
    @Test
    void tooFewRowsAreSaidWithTheFewestThatAreNeeded() throws Exception {
        Samples.hourly(folder.resolve("few.csv"), 0, 180, "a");
        CliRun run = CliRun.in(folder, "finetune", "few.csv", "--out", "few");
        assertEquals(Command.FAILED, run.code(), run.err());
        assertTrue(run.err().contains("one window of 96 + 24 rows in each part; a horizon of 19 fits"), run.err());
    }

    private void assertMistake(int code, String message, String... more) {
        CliRun run = finetune(more);
        assertEquals(code, run.code(), run.err());
        assertTrue(run.err().contains(message), run.err());
    }
}
