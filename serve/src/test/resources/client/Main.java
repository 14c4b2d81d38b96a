import client.ApiClient;
import client.ApiException;
import client.api.InferenceApi;
import client.api.JobsApi;
import client.api.SeriesApi;
import client.api.ServiceApi;
import client.model.ForecastRequest;
import client.model.InferenceRequest;
import client.model.Job;
import client.model.Series;
import client.model.SeriesSettings;
import client.model.Values;
import client.model.ValuesValuesInner;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Calls each operation of the generated client rightly, and wrongly where it takes anything, and prints what came of it. */
public class Main {
    private static final String NONE = null;

    interface Call {
        void run() throws Exception;
    }

    private static void say(String how, String operation, Object what) {
        System.out.println(how + " " + operation + " " + String.valueOf(what).replaceAll("\\s+", " "));
    }

    /** Prints the operation with what came of it. */
    private static void right(String operation, Callable<?> call) throws Exception {
        try {
            say("right", operation, call.call());
        } catch (ApiException problem) {
            say("right", operation, problem.getCode() + " " + problem.getResponseBody());
        }
    }

    private static void right(String operation, Call call) throws Exception {
        right(operation, () -> {
            call.run();
            return "done";
        });
    }

    /** Lets a call begin that does not end by itself. */
    private static String goesOn(Call call) throws Exception {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                call.run();
                ended.complete(null);
            } catch (Exception problem) {
                ended.completeExceptionally(problem);
            }
        });
        try {
            ended.get(1, TimeUnit.SECONDS);
            return "ended";
        } catch (ExecutionException problem) {
            throw (Exception) problem.getCause();
        } catch (TimeoutException asExpected) {
            return "goes on";
        }
    }

    /** Prints the operation with the code and the body of the problem. */
    private static void wrong(String operation, Call call) throws Exception {
        try {
            call.run();
            say("wrong", operation, "no problem");
        } catch (ApiException problem) {
            say("wrong", operation, problem.getCode() + " " + problem.getResponseBody());
        }
    }

    public static void main(String[] arguments) throws Exception {
        ApiClient client = new ApiClient();
        client.updateBaseUri(arguments[0]);
        service(new ServiceApi(client));
        series(new SeriesApi(client));
        jobs(new JobsApi(client));
        inference(new InferenceApi(client));
    }

    private static List<Object> values() {
        List<Object> values = new ArrayList<>();
        for (int t = 0; t < 120; t++) values.add(10 + t % 4);
        return values;
    }

    private static String table(int rows) {
        StringBuilder table = new StringBuilder("value\n");
        for (int t = 0; t < rows; t++) table.append(10 + t % 4).append('\n');
        return table.toString();
    }

    private static void service(ServiceApi service) throws Exception {
        right("getStudio", () -> service.getStudio());
        right("getLesson", () -> service.getLesson());
        right("getOldStudio", () -> service.getOldStudio());
        right("getDescription", () -> service.getDescription() != null);
        right("isLive", () -> service.isLive());
        right("isReady", () -> service.isReady());
        right("getMetrics", () -> service.getMetrics());
        wrong("answerAssistant", () -> service.answerAssistant());
        ForecastRequest request = new ForecastRequest().horizon(4).addSeriesItem(new Series().id("a").values(values()));
        right("forecast", () -> forecast(service, request).get(0).getValues().size());
        ForecastRequest items = new ForecastRequest().horizon(4)
                .hierarchy(List.of("item"))
                .addSeriesItem(new Series().keys(List.of("1")).values(values()))
                .addSeriesItem(new Series().keys(List.of("2")).values(values()));
        right("forecast", () -> forecast(service, items).stream().map(one -> one.getId()).toList());
        wrong("forecast", () -> forecast(service, new ForecastRequest()));
        wrong("forecast", () -> forecast(service, new ForecastRequest().horizon(0)));
        right("findAnomalies", () -> service.findAnomalies(table(300), NONE, "fast", NONE, NONE, NONE, NONE, NONE)
                .getSeries()
                .size());
        wrong("findAnomalies", () -> service.findAnomalies(table(300), "2", NONE, NONE, NONE, NONE, NONE, NONE));
    }

    private static List<client.model.Forecast> forecast(ServiceApi service, ForecastRequest request) throws ApiException {
        return service.forecast(request, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,
                NONE).getForecasts();
    }

    private static void series(SeriesApi series) throws Exception {
        right("putSeries", () -> series.putSeries("a", new SeriesSettings().frequency("PT1H")).getId());
        wrong("putSeries", () -> series.putSeries("b", new SeriesSettings().frequency("hourly")));
        Values values = new Values();
        for (int t = 0; t < 48; t++) {
            values.addValuesItem(new ValuesValuesInner().time(String.format("2024-01-%02dT%02d:00:00Z", 1 + t / 24, t % 24))
                    .value(BigDecimal.valueOf(t % 4)));
        }
        right("addValues", () -> series.addValues("a", values));
        wrong("addValues", () -> series.addValues("a",
                new Values().addValuesItem(new ValuesValuesInner().time("noon").value(BigDecimal.ONE))));
        right("getSeries", () -> series.getSeries("a").getFrequency());
        right("listSeries", () -> series.listSeries(NONE, NONE).getSeries().size());
        wrong("listSeries", () -> series.listSeries(NONE, "0"));
        right("getValues", () -> series.getValues("a").getValues().size());
        right("getForecast", () -> series.getForecast("a").getValues().size());
        right("getAnomalies", () -> series.getAnomalies("a"));
        right("followSeries", () -> goesOn(() -> series.followSeries("a")));
        for (Map.Entry<String, Call> one : Map.<String, Call>of("getSeries", () -> series.getSeries("none"), "getValues",
                () -> series.getValues("none"), "getForecast", () -> series.getForecast("none"), "getAnomalies",
                () -> series.getAnomalies("none"), "followSeries", () -> series.followSeries("none"), "deleteSeries",
                () -> series.deleteSeries("none")).entrySet()) {
            wrong(one.getKey(), one.getValue());
        }
        right("deleteSeries", () -> series.deleteSeries("a"));
    }

    private static Job backtest(JobsApi jobs, String horizon) throws ApiException {
        return jobs.startBacktest(table(700), NONE, NONE, NONE, "fast", NONE, NONE, NONE, horizon, NONE, NONE, NONE, NONE,
                NONE, NONE, NONE);
    }

    private static void jobs(JobsApi jobs) throws Exception {
        Job job = backtest(jobs, "4");
        right("startBacktest", () -> job.getId() != null);
        right("followBacktest", () -> jobs.followBacktest(job.getId()));
        Job.StateEnum state = job.getState();
        while (state == Job.StateEnum.WAITING || state == Job.StateEnum.RUNNING) {
            Thread.sleep(50);
            state = jobs.getBacktest(job.getId()).getState();
        }
        say("right", "getBacktest", state);
        right("getBacktestReport", () -> jobs.getBacktestReport(job.getId(), NONE));
        wrong("getBacktestReport", () -> jobs.getBacktestReport(job.getId(), "2"));
        right("deleteBacktest", () -> jobs.deleteBacktest(job.getId()));
        wrong("startBacktest", () -> backtest(jobs, "many"));
        wrong("getBacktest", () -> jobs.getBacktest("none"));
        wrong("followBacktest", () -> jobs.followBacktest("none"));
        wrong("deleteBacktest", () -> jobs.deleteBacktest("none"));
        Job tuning = jobs.startFineTuning("new", table(1500), NONE, NONE, NONE, NONE, NONE, "50", NONE, NONE);
        right("startFineTuning", () -> tuning.getId());
        right("getFineTuning", () -> jobs.getFineTuning("new").getId());
        right("followFineTuning", () -> goesOn(() -> jobs.followFineTuning("new")));
        right("deleteFineTuning", () -> jobs.deleteFineTuning("new"));
        wrong("startFineTuning", () -> jobs.startFineTuning("b", table(40), NONE, NONE, NONE, NONE, NONE, "0", NONE, NONE));
        wrong("getFineTuning", () -> jobs.getFineTuning("none"));
        wrong("followFineTuning", () -> jobs.followFineTuning("none"));
        wrong("deleteFineTuning", () -> jobs.deleteFineTuning("none"));
    }

    private static InferenceRequest tensor(Object shape) {
        return new InferenceRequest().addInputsItem(
                Map.of("name", "history", "datatype", "FP32", "shape", List.of(1, shape), "data", values()));
    }

    private static void inference(InferenceApi inference) throws Exception {
        String name = "default";
        right("getServer", () -> inference.getServer().getName());
        right("isServerLive", () -> inference.isServerLive());
        right("isServerReady", () -> inference.isServerReady());
        right("listModels", () -> inference.listModels().size());
        right("getStatistics", () -> inference.getStatistics() != null);
        right("getModel", () -> inference.getModel(name).getName());
        right("getModelVersion", () -> inference.getModelVersion(name, "1").getName());
        right("getModelConfig", () -> inference.getModelConfig(name).getName());
        right("getModelVersionConfig", () -> inference.getModelVersionConfig(name, "1").getName());
        right("getModelStatistics", () -> inference.getModelStatistics(name) != null);
        right("getModelVersionStatistics", () -> inference.getModelVersionStatistics(name, "1") != null);
        right("isModelReady", () -> inference.isModelReady(name));
        right("isModelVersionReady", () -> inference.isModelVersionReady(name, "1"));
        right("infer", () -> inference.infer(name, tensor(120), null).getOutputs().size());
        right("inferVersion", () -> inference.inferVersion(name, "1", tensor(120), null).getOutputs().size());
        wrong("infer", () -> inference.infer(name, tensor(121), null));
        wrong("inferVersion", () -> inference.inferVersion(name, "9", tensor(120), null));
        wrong("getModel", () -> inference.getModel("none"));
        wrong("getModelVersion", () -> inference.getModelVersion(name, "9"));
        wrong("getModelConfig", () -> inference.getModelConfig("none"));
        wrong("getModelVersionConfig", () -> inference.getModelVersionConfig(name, "9"));
        wrong("getModelStatistics", () -> inference.getModelStatistics("none"));
        wrong("getModelVersionStatistics", () -> inference.getModelVersionStatistics(name, "9"));
        wrong("isModelReady", () -> inference.isModelReady("none"));
        wrong("isModelVersionReady", () -> inference.isModelVersionReady(name, "9"));
        right("loadModel", () -> inference.loadModel("1536-96"));
        right("unloadModel", () -> inference.unloadModel("1536-96"));
        wrong("loadModel", () -> inference.loadModel("none"));
        wrong("unloadModel", () -> inference.unloadModel("none"));
    }
}
