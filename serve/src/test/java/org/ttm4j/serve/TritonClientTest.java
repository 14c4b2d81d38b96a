package org.ttm4j.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import triton.client.InferInput;
import triton.client.InferRequestedOutput;
import triton.client.InferResult;
import triton.client.InferenceException;
import triton.client.InferenceServerClient.InferArguments;
import triton.client.InferenceServerClient;
import triton.client.pojo.DataType;

/** The Triton project's client for Java, as it is published on Maven Central, against the real server. */
class TritonClientTest {
    private static final int STEPS = 512;
    private static final InferRequestedOutput FORECAST = new InferRequestedOutput("forecast", false);
    /** As the client asks where nobody says otherwise. */
    private static final InferRequestedOutput BINARY = new InferRequestedOutput("forecast");
    private static InferenceServerClient client;

    @BeforeAll
    static void start() throws Exception {
        client = new InferenceServerClient("127.0.0.1:" + Service.shared().server.port(), 5000, 60_000);
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
    }

    private static float[] history(int from) {
        float[] values = new float[STEPS];
        for (int t = 0; t < STEPS; t++) values[t] = (float) (100 + from + 20 * Math.sin((t + from) * Math.PI / 12));
        return values;
    }

    private static InferInput series(boolean binary, float[]... rows) {
        InferInput input = new InferInput("series", new long[]{rows.length, STEPS}, DataType.FP32);
        float[] flat = new float[rows.length * STEPS];
        for (int i = 0; i < rows.length; i++) System.arraycopy(rows[i], 0, flat, i * STEPS, STEPS);
        input.setData(flat, binary);
        return input;
    }

    private static Forecaster balanced() throws IOException {
        return Forecaster.bundled();
    }

    @Test
    void aBatchOfSeriesComesBackAsForecasts() throws Exception {
        assertForecasts(series(false, history(0), history(5)), FORECAST);
        assertForecasts(series(true, history(0), history(5)), BINARY);
        assertForecasts(series(true, history(0), history(5)), FORECAST);
    }

    private static void assertForecasts(InferInput series, InferRequestedOutput output) throws Exception {
        InferArguments arguments = new InferArguments("default", List.of(series), List.of(output)).setModelVersion("1")
                .setRequestId("7");
        InferResult result = client.infer(arguments);
        assertEquals(List.of("forecast"), result.getOutputs());
        List<Forecast> expected = List.of(balanced().forecast(ForecastRequest.of(new float[][]{history(0)})),
                balanced().forecast(ForecastRequest.of(new float[][]{history(5)})));
        int horizon = expected.get(0).horizon();
        float[] values = new float[2 * horizon];
        for (int i = 0; i < 2; i++) System.arraycopy(expected.get(i).values()[0], 0, values, i * horizon, horizon);
        assertArrayEquals(values, result.getOutputAsFloat("forecast"), 1e-3f);
    }

    @Test
    void missingValuesAreThoseThatAreNotObserved() throws Exception {
        float[] known = history(0);
        float[] values = known.clone();
        boolean[] isObserved = new boolean[STEPS];
        for (int t = 0; t < STEPS; t++) isObserved[t] = t < 100 || t >= 130;
        for (int t = 0; t < STEPS; t++) if (!isObserved[t]) values[t] = 1e6f;
        for (int t = 100; t < 130; t++) known[t] = Float.NaN;
        float[] expected = balanced().forecast(ForecastRequest.of(new float[][]{known})).values()[0];
        for (boolean isBinary : new boolean[]{false, true}) {
            InferInput observed = new InferInput("observed", new long[]{1, STEPS}, DataType.BOOL);
            observed.setData(isObserved, isBinary);
            InferResult result = client.infer("default", List.of(series(isBinary, values), observed),
                    List.of(FORECAST));
            assertArrayEquals(expected, result.getOutputAsFloat("forecast"), 1e-3f);
        }
    }

    @Test
    void errorsReachTheProgrammer() {
        assertTrue(error("nonesuch", series(false, history(0)), FORECAST).contains("expected a model of "));
    }

    private static String error(String model, InferInput input, InferRequestedOutput output) {
        return assertThrows(InferenceException.class, () -> client.infer(model, List.of(input), List.of(output)))
                .getMessage();
    }
}
