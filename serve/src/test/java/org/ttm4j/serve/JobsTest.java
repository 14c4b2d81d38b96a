package org.ttm4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.grid.CsvReader;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.backtest.Backtest;
import org.ttm4j.eval.backtest.BacktestPlan.Window;
import org.ttm4j.eval.backtest.BacktestSettings;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.serve.settings.Settings;
import org.ttm4j.serve.settings.Settings.Background;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.io.FolderLock;

/** Backtests and fine-tuning over HTTP: jobs that are followed, cancelled, refused and forgotten. */
class JobsTest {
    private static final String CSV = "text/csv";

    @TempDir
    static Path folder;
    private static Service service;

    @BeforeAll
    static void start() throws Exception {
        service = new Service(Settings.defaults()
                .withModels(Set.of(), Map.of("small", Samples.model(folder)))
                .withBackground(new Background(folder.resolve("models"), List.of(), null, null)));
        service.server.awaitReady();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static String table(int rows) {
        StringBuilder table = new StringBuilder("time,load,price\n");
        for (int t = 0; t < rows; t++) {
            table.append(LocalDateTime.of(2024, 1, 1, 0, 0).plusHours(t)).append(',');
            table.append(100 + 20 * Math.sin(t * Math.PI / 12) + t * t % 7).append(',').append(10 + t % 5).append('\n');
        }
        return table.toString();
    }

    private static HttpResponse<String> post(String path, String table) throws Exception {
        return service.send(service.request(path).header("Content-Type", CSV).POST(BodyPublishers.ofString(table)));
    }

    /** Starts a job and returns its place. */
    private static String started(String path, String table) throws Exception {
        HttpResponse<String> answer = post(path, table);
        assertEquals(202, answer.statusCode(), answer.body());
        return answer.headers().firstValue("Location").orElseThrow();
    }

    private static JsonNode job(String place) throws Exception {
        return Service.json(service.get(place));
    }

    private static JsonNode awaitEnd(String place) throws Exception {
        JsonNode job = job(place);
        while (Set.of("waiting", "running").contains(job.get("state").textValue())) {
            Thread.sleep(20);
            job = job(place);
        }
        return job;
    }

    private static int delete(String place) throws Exception {
        return service.send(service.request(place).DELETE()).statusCode();
    }

    private static List<String> problems(HttpResponse<String> answer) throws Exception {
        return List.of(Integer.toString(answer.statusCode()), Service.json(answer).get("detail").textValue());
    }

    @Test
    void aBacktestIsThatOfTheLibraryAndHasItsReport() throws Exception {
        String place = started("/v1/backtests?mode=fast&horizon=12&stride=24&target=load&title=load.csv", table(900));
        JsonNode job = awaitEnd(place);
        assertEquals("done", job.get("state").textValue(), job.toString());
        Path file = Files.writeString(folder.resolve("load.csv"), table(900));
        TimeSeries series = CsvReader.read(file, CsvOptions.defaults().withTargets(List.of("load"))).series().get(0);
        Forecaster bundled = Forecaster.bundled();
        bundled.warmUp(); // as the service does, which decides on kernels
        Forecaster forecaster = bundled.fast();
        BacktestSettings settings = new BacktestSettings(12, 24, 0, Window.SLIDING, BacktestSettings.grid(List.of()), 0,
                0);
        double expected = new Backtest(settings.rows(series), settings.plan(series, forecaster), 0)
                .run(rows -> forecaster, 1, done -> {})
                .model()
                .total()
                .mae();
        assertEquals(expected, job.at("/result/mae").doubleValue());
        assertEquals(12, job.at("/result/steps").size());
        HttpResponse<String> report = service.get(place + "/report");
        assertTrue(report.body().contains("<h1>load.csv</h1>"), report.body());
        assertTrue(service.get(place + "/report?series=0").body().contains(">the series</a>"));
        assertEquals(204, delete(place));
        assertEquals(404, service.get(place).statusCode());
    }

    @Test
    void whatAnotherServiceTrainsInTheSameFolderStays() throws Exception {
        Path models = folder.resolve("models");
        Path unfinished = Files.createDirectories(models.resolve(".shared.new"));
        try (FolderLock ofAnother = FolderLock.of(models.resolve("shared"))) {
            JsonNode job = awaitEnd(started("/v1/models?name=shared&model=small&target=load&epochs=1", table(400)));
            assertEquals("failed", job.get("state").textValue(), job + " beside " + ofAnother);
        }
        assertTrue(Files.exists(unfinished));
    }

    @Test
    void severalSeriesHaveATotalAndAReportEach() throws Exception {
        StringBuilder table = new StringBuilder("id,day,sales\n");
        for (String id : List.of("a", "b", "short")) {
            for (int t = 0; t < (id.equals("short") ? 5 : 200); t++) {
                table.append(id).append(',').append(LocalDateTime.of(2024, 1, 1, 0, 0).plusDays(t).toLocalDate());
                table.append(',').append(10 + t % 7 + t * t % 3).append('\n');
            }
        }
        String place = started("/v1/backtests?mode=fast&horizon=7&id=id", table.toString());
        JsonNode result = awaitEnd(place).get("result");
        assertEquals(2, result.get("series").size(), result.toString());
        assertEquals(2, result.at("/total/series").intValue());
        assertEquals("short", result.at("/left_out/0/id").textValue());
        assertTrue(service.get(place + "/report").body().contains("?series=2"));
        assertTrue(service.get(place + "/report?series=2").body().contains("series b"));
        assertEquals(422, service.get(place + "/report?series=3").statusCode());
    }

    @Test
    void knownColumnsAreMeasuredWithAndWithout() throws Exception {
        JsonNode job = awaitEnd(
                started("/v1/backtests?horizon=24&stride=400&known_future=price&holidays=DE", table(1200)));
        assertTrue(job.at("/result/without_known_future").has("mae"), job.toString());
        assertEquals(1, job.at("/result/channels").size());
    }

    @Test
    void eventsTellOfProgressUntilTheEnd() throws Exception {
        String place = started("/v1/backtests?mode=fast&horizon=12&target=load", table(1500));
        List<Double> shares = new ArrayList<>();
        String[] events = service.get(place + "/events").body().split("\n\n");
        for (String event : events) {
            if (event.startsWith("event: state")) {
                shares.add(Service.JSON.readTree(event.substring(event.indexOf('{'))).get("progress").doubleValue());
            }
        }
        assertEquals(shares.stream().sorted().toList(), shares);
        assertEquals(1, shares.get(shares.size() - 1));
        assertTrue(events[events.length - 1].contains("\"done\""), events[events.length - 1]);
    }

    @Test
    void cancellingEndsTheWorkAtOnce() throws Exception {
        String place = started("/v1/backtests?mode=best&stride=1", table(1500));
        while (!job(place).get("state").textValue().equals("running")) Thread.sleep(5);
        long begin = System.nanoTime();
        assertEquals(204, delete(place));
        assertEquals("cancelled", job(place).get("state").textValue());
        while (!isIdle()) Thread.onSpinWait();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        assertTrue(millis < 1000, millis + " ms"); // on an idle machine, some ten
    }

    /** Whether the thread of jobs does nothing. */
    private static boolean isIdle() {
        return Thread.getAllStackTraces()
                .entrySet()
                .stream()
                .filter(entry -> entry.getKey().getName().equals("jobs"))
                .allMatch(entry -> List.of(entry.getValue())
                        .stream()
                        .noneMatch(frame -> frame.getClassName().contains("ttm4j.eval")));
    }

    @Test
    void moreJobsThanMayWaitAreRefused() throws Exception {
        List<String> places = new ArrayList<>();
        HttpResponse<String> answer = post("/v1/backtests?mode=best&stride=1", table(1500));
        while (answer.statusCode() == 202) {
            places.add(answer.headers().firstValue("Location").orElseThrow());
            answer = post("/v1/backtests?mode=best&stride=1", table(1500));
        }
        assertEquals(429, answer.statusCode(), answer.body());
        assertEquals("10", answer.headers().firstValue("Retry-After").orElseThrow());
        assertTrue(places.size() <= 10, places.toString());
        for (String place : places) assertEquals(204, delete(place));
        assertEquals("done", awaitEnd(started("/v1/backtests?mode=fast", table(700))).get("state").textValue());
    }

    @Test
    void whatCannotBeMeasuredIsSaid() throws Exception {
        assertEquals(List.of("422", "the query: expected a number of rows, or a share between 0 and 1, found 'x'"),
                problems(post("/v1/backtests?start=x", table(600))));
        assertEquals(List.of("422", "the query: window: expected sliding or expanding"),
                problems(post("/v1/backtests?window=x", table(600))));
        assertEquals(List.of("422", "expected in the query for stride a number from 1 to 1073741823"),
                problems(post("/v1/backtests?stride=0", table(600))));
        assertTrue(problems(post("/v1/backtests?horizon=500", table(300))).get(1).contains("hold no window"));
        assertTrue(problems(post("/v1/backtests?known_future=none", table(600))).get(1).contains("none"));
        assertTrue(problems(post("/v1/backtests?holidays=XX", table(600))).get(1).contains("DE-BY"));
        assertEquals(404, service.get("/v1/backtests/none").statusCode());
        assertEquals(404, delete("/v1/backtests/none"));
        assertEquals(415, service.post("/v1/backtests", "{}").statusCode());
        assertEquals("413", problems(post("/v1/backtests?mode=best&stride=1", table(90_000))).get(0));
        String levels = IntStream.range(1, 101)
                .mapToObj(i -> String.valueOf(i / 101.0))
                .collect(Collectors.joining(","));
        assertEquals(List.of("422", "the query: levels: expected at most 99"),
                problems(post("/v1/backtests?levels=" + levels, table(600))));
    }

    @Test
    @Tag("training")
    void aFineTunedModelIsServedAndNeverReplaced() throws Exception {
        // A service that was killed leaves what it had written.
        Files.createFile(Files.createDirectories(folder.resolve("models/.mine.new")).resolve("left.json"));
        String place = started("/v1/models?name=mine&model=small&target=load&epochs=2", table(400));
        assertEquals("/v1/models/mine", place);
        JsonNode job = awaitEnd(place);
        assertEquals("done", job.get("state").textValue(), job.toString());
        assertEquals("mine", job.at("/result/model").textValue());
        assertTrue(Files.exists(folder.resolve("models/mine/training.json")));
        assertFalse(Files.exists(folder.resolve("models/mine/left.json")));
        HttpResponse<String> forecast = post("/v1/forecast?model=mine&mode=fast&target=load", table(400));
        assertEquals(200, forecast.statusCode(), forecast.body());
        assertTrue(service.post("/v2/repository/index", "{}").body().contains("mine"));
        assertEquals(List.of("409", "there is a model of this name already: choose another"),
                problems(post("/v1/models?name=mine&model=small", table(400))));
        assertEquals("409", problems(post("/v1/models?name=default", table(400))).get(0));
        try (Service again = new Service(
                Settings.defaults().withBackground(new Background(folder.resolve("models"), List.of(), null, null)))) {
            again.server.awaitReady();
            assertTrue(again.post("/v2/repository/index", "{}").body().contains("mine"));
        }
        // Unloaded and deleted, it makes room for another.
        assertEquals(200, service.post("/v2/repository/models/mine/unload", "{}").statusCode());
        assertEquals("409", problems(post("/v1/models?name=mine&model=small", table(400))).get(0));
        Files.move(folder.resolve("models/mine"), folder.resolve("deleted"));
        JsonNode anew = awaitEnd(started("/v1/models?name=mine&model=small&target=load&epochs=1", table(400)));
        assertEquals("done", anew.get("state").textValue(), anew.toString());
        assertEquals(200, post("/v1/forecast?model=mine&mode=fast&target=load", table(400)).statusCode());
    }

    @Test
    void whatCannotBeFineTunedIsSaid() throws Exception {
        assertTrue(problems(post("/v1/models", table(100))).get(1).contains("the name of the new model"));
        assertTrue(problems(post("/v1/models?name=../up", table(100))).get(1).contains("letters, digits"));
        assertEquals("404", problems(post("/v1/models?name=new&model=none", table(100))).get(0));
        assertEquals("422", problems(post("/v1/models?name=new&epochs=0", table(100))).get(0));
        assertEquals("413", problems(post("/v1/models?name=new&epochs=1000", table(30_000))).get(0));
        assertEquals(List.of("422",
                "unknown parameter 'known_future' in the query: expected epochs, fill, horizon, id, model, name, seed, "
                        + "target, time"),
                problems(post("/v1/models?name=new&known_future=none", "no table")));
        JsonNode job = awaitEnd(started("/v1/models?name=new&model=small", table(60)));
        assertEquals("failed", job.get("state").textValue());
        assertFalse(Files.exists(folder.resolve("models/new")));
        HttpResponse<String> none = Service.shared()
                .send(Service.shared()
                        .request("/v1/models?name=new")
                        .header("Content-Type", CSV)
                        .POST(BodyPublishers.ofString(table(100))));
        assertEquals(409, none.statusCode());
        assertTrue(none.body().contains("--models"), none.body());
    }

    @Test
    @Tag("training")
    void aCancelledFineTuningLeavesNoModelAndIsNotServedAfterARestart() throws Exception {
        String place = started("/v1/models?name=stopped&model=small&target=load&epochs=1000", table(2000));
        while (job(place).get("progress").doubleValue() == 0) Thread.sleep(5);
        assertEquals(204, delete(place));
        assertEquals("cancelled", job(place).get("state").textValue());
        awaitEnd(started("/v1/backtests?mode=fast", table(700))); // it comes after the end of the one before
        try (Stream<Path> all = Files.list(folder.resolve("models"))) {
            assertEquals(List.of(), all.filter(one -> one.toString().contains("stopped")).toList());
        }
        assertFalse(service.post("/v2/repository/index", "{}").body().contains("stopped"));
    }

    @Test
    void thereIsAMostOfFineTunedModels() throws Exception {
        Path models = Files.createDirectory(folder.resolve("full"));
        Path sample = Samples.model(Files.createDirectory(folder.resolve("sample")));
        for (int i = 0; i < 64; i++) {
            Path one = Files.createDirectory(models.resolve("m" + i));
            try (Stream<Path> files = Files.list(sample)) {
                for (Path file : files.toList()) Files.createLink(one.resolve(file.getFileName()), file);
            }
        }
        try (Service full = new Service(
                Settings.defaults().withBackground(new Background(models, List.of(), null, null)))) {
            full.server.awaitReady();
            HttpResponse<String> refused = full.send(full.request("/v1/models?name=new")
                    .header("Content-Type", CSV)
                    .POST(BodyPublishers.ofString(table(400))));
            assertEquals(409, refused.statusCode());
            assertTrue(refused.body().contains("delete its folder"), refused.body());
        }
    }

    @Test
    void aTableMayHoldTheFutureOfWhatIsKnown() throws Exception {
        String[] rows = table(24 * 20).split("\n");
        for (int t = rows.length - 24; t < rows.length; t++) rows[t] = rows[t].replaceFirst(",[^,]*,", ",,");
        JsonNode forecast = Service.json(service.send(service.request("/v1/forecast?known_future=price&holidays=DE")
                .header("Content-Type", CSV)
                .header("Accept", "application/json")
                .POST(BodyPublishers.ofString(String.join("\n", rows))))).at("/forecasts/0");
        assertEquals("[\"load\"]", forecast.get("channels").toString());
        assertEquals(24, forecast.at("/values/0").size());
        assertEquals("price", forecast.at("/drivers/0/name").textValue());
        assertTrue(forecast.get("notes").toString().contains("channel load: the known future values "),
                forecast.get("notes").toString());
        assertEquals(IntStream.range(24 * 19, 24 * 20).mapToObj(t -> 10.0 + t % 5).toList().toString(),
                Service.JSON.convertValue(forecast.at("/drivers/0/future"), List.class).toString());
        assertEquals(24, forecast.at("/drivers/1/future").size());
        assertTrue(problems(post("/v1/forecast?known_future=price", table(300))).get(1).contains("found 0"));
        String[] far = table(10_301).split("\n");
        for (int t = 301; t < far.length; t++) far[t] = far[t].replaceFirst(",[^,]*,", ",,");
        assertEquals(
                List.of("422",
                        "expected in the query a horizon from 1 to 10000: without one, it is the 10001 rows behind the "
                                + "last value to forecast"),
                problems(post("/v1/forecast?known_future=price", String.join("\n", far))));
        // A series at fault is left out of the answer to others.
        StringBuilder two = new StringBuilder("meter," + rows[0] + "\n");
        for (int t = 1; t < rows.length; t++) {
            two.append("a,").append(rows[t]).append('\n');
            if (t < rows.length - 24) two.append("b,").append(rows[t]).append('\n');
        }
        JsonNode both = Service.json(service.send(service.request("/v1/forecast?known_future=price&id=meter")
                .header("Content-Type", CSV)
                .header("Accept", "application/json")
                .POST(BodyPublishers.ofString(two.toString()))));
        assertEquals(24, both.at("/forecasts/0/values/0").size(), both.toString());
        assertTrue(both.at("/left_out/0/detail").asText().contains("found 0"), both.toString());
        // A gap is not the end.
        rows[rows.length - 10] = rows[rows.length - 10].replaceFirst(",[^,]*$", ",");
        List<String> gap = problems(post("/v1/forecast?known_future=price", String.join("\n", rows)));
        assertTrue(gap.get(1).contains("expected 24 rows") && gap.get(1).contains("found 14"), gap.toString());
    }

    /** A column of texts has an effect for each, whichever way it comes. */
    @Test
    void textsAndCodesAreDriversOfCategories() throws Exception {
        StringBuilder rows = new StringBuilder("date,weather,sold\n");
        List<Double> sold = new ArrayList<>();
        List<Integer> codes = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(4);
        List<String> names = List.of("sun", "rain", "snow");
        for (int t = 0; t < 207; t++) {
            int kind = t == 0 ? 0 : random.nextInt(3);
            double value = 100 + List.of(0, 40, -30).get(kind) + random.nextGaussian();
            rows.append(LocalDate.of(2024, 1, 1).plusDays(t)).append(',').append(names.get(kind)).append(',');
            rows.append(t < 200 ? value : "").append('\n');
            codes.add(kind);
            sold.add(value);
        }
        JsonNode table = Service.json(service.send(service.request("/v1/forecast?known_future=weather")
                .header("Content-Type", CSV)
                .header("Accept", "application/json")
                .POST(BodyPublishers.ofString(rows.toString())))).at("/forecasts/0");
        assertTrue(table.at("/drivers/0/categorical").booleanValue(), table.toString());
        for (int h = 0; h < 7; h++) {
            assertEquals(100 + List.of(0, 40, -30).get(codes.get(200 + h)), table.at("/values/0/" + h).doubleValue(),
                    8);
        }
        ObjectNode body = Service.JSON.createObjectNode().put("horizon", 7);
        ObjectNode series = body.putArray("series").addObject().put("frequency", "P1D").put("start", "2024-01-01");
        series.putPOJO("values", List.of(sold.subList(0, 200), codes.subList(0, 200)));
        series.putPOJO("known_future", List.of(codes.subList(200, 207))).putPOJO("categorical_drivers", List.of(0));
        JsonNode json = Service.json(service.post("/v1/forecast", body.toString())).at("/forecasts/0");
        for (int h = 0; h < 7; h++) {
            assertEquals(table.at("/values/0/" + h).doubleValue(), json.at("/values/0/" + h).doubleValue(), 1e-3);
        }
        series.putPOJO("categorical_drivers", List.of(1));
        assertTrue(service.post("/v1/forecast", body.toString()).body().contains("categorical driver 1"));
        series.putPOJO("categorical_drivers", List.of(0.5));
        assertTrue(service.post("/v1/forecast", body.toString()).body().contains("categorical_drivers"));
        JsonNode job = awaitEnd(started("/v1/backtests?horizon=7&stride=20&known_future=weather", rows.toString()));
        assertTrue(job.at("/result/mae").doubleValue() < 0.5 * job.at("/result/without_known_future/mae").doubleValue(),
                job.toString());
        String past = rows.toString().lines().limit(201).collect(Collectors.joining("\n"));
        JsonNode known = awaitEnd(started("/v1/backtests?horizon=7&stride=20&known_future=weather", past));
        assertEquals(known.at("/result/windows"), job.at("/result/windows"),
                "rows behind the last value are no history");
    }

    private static double batches() throws Exception {
        return service.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("ttm4j_batch_size_count"))
                .mapToDouble(line -> Double.parseDouble(line.split(" ")[1]))
                .sum();
    }

    @Test
    void anUnchangedSeriesIsForecastOnceUntilItsModelIsLoadedAnew() throws Exception {
        String far = "/v1/forecast?model=small&target=load&mode=fast&horizon=" + 8 * Samples.HORIZON;
        String first = post(far, table(130)).body();
        double before = batches();
        assertEquals(first, post(far, table(130)).body());
        assertEquals(before, batches());
        assertEquals(200, service.post("/v2/repository/models/small/load", "{}").statusCode());
        assertEquals(first, post(far, table(130)).body());
        assertEquals(before + 1, batches());
        post(far + 1, table(130));
        post(far.replace("load", "price"), table(130));
        assertEquals(before + 3, batches());
    }

    @Test
    void whatTakesFewRunsIsForecastAgain() throws Exception {
        String near = "/v1/forecast?model=small&target=load&mode=fast&horizon=" + 7 * Samples.HORIZON;
        String first = post(near, table(130)).body();
        double before = batches();
        assertEquals(first, post(near, table(130)).body());
        assertEquals(before + 1, batches());
    }
}
