package org.ttm4j.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.spring.shop.Shop;

/** The starter in an application on each version of Spring Boot. */
@Tag("process")
class StarterTest {
    /** For what ends before it would answer. */
    private static final String NO_WEB = "--spring.main.web-application-type=none";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"3.5.7", "4.0.7"})
    void anEndpointForecastsAsTheLibraryDoes(String version) throws Exception {
        try (Application shop = Application.start(Application.jars(version), folder)) {
            shop.awaitStart();
            float[] expected = Forecaster.bundled().forecast(new float[][]{Shop.history()}, 48).values()[0];
            assertEquals("200 " + Arrays.toString(expected).replace(" ", ""), shop.get("/forecast"));
            contains(shop.get("/actuator/health"), "200 ", "\"status\":\"UP\"", "\"ttm4j\":{", "\"mode\":\"balanced\"");
            contains(shop.get("/actuator/info"), "\"ttm4j\":{", "\"512-96\"");
            contains(shop.get("/actuator/metrics/ttm4j.forecast.duration"), "\"statistic\":\"COUNT\",\"value\":1.0",
                    "balanced");
            contains(shop.get("/actuator/metrics/ttm4j.forecast.series"), "\"value\":1.0");
            contains(shop.get("/actuator/metrics/ttm4j.forecast.refused"), "\"value\":0.0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.5.7", "4.0.7"})
    void itIsReadyWhenItIsWarm(String version) throws Exception {
        String jars = Application.jars(version);
        try (Application shop = Application.start(jars, folder, "--ttm4j.model=512-96", "--ttm4j.mode=fast",
                "--ttm4j.warm-up=true")) {
            boolean waited = false;
            String ready = shop.get("/actuator/health/readiness");
            for (; !ready.startsWith("200"); ready = shop.get("/actuator/health/readiness")) {
                waited = true;
                assertTrue(ready.startsWith("503"), ready);
                Thread.sleep(10);
            }
            assertTrue(waited, "it was ready at once");
            contains(shop.get("/actuator/health"), "\"kernels\":\"scalar\"", "\"mode\":\"fast\"");
            float[] expected = Forecaster.bundled("512-96")
                    .fast()
                    .forecast(new float[][]{Shop.history()}, 48)
                    .values()[0];
            assertEquals("200 " + Arrays.toString(expected).replace(" ", ""), shop.get("/forecast"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.5.7", "4.0.7"})
    void aWrongPropertyIsNamed(String version) throws Exception {
        String jars = Application.jars(version);
        try (Application shop = Application.start(jars, folder, "--ttm4j.mode=fastest", NO_WEB)) {
            contains(shop.awaitEnd(), "ttm4j.mode", "fastest");
        }
        try (Application shop = Application.start(jars, folder, "--ttm4j.model=512-96", "--ttm4j.folder=/models/own",
                NO_WEB)) {
            contains(shop.awaitEnd(), "ttm4j.model=512-96 and ttm4j.folder=/models/own: expected one of them at most");
        }
    }

    /** The same for any indicator and contributor of the actuator. */
    @ParameterizedTest
    @ValueSource(strings = {"3.5.7", "4.0.7"})
    void itsHealthAndInfoAreLeftOutAsTheActuatorsAre(String version) throws Exception {
        String[] none = {"--management.health.defaults.enabled=false", "--management.info.ttm4j.enabled=false"};
        try (Application shop = Application.start(Application.jars(version), folder, none)) {
            assertFalse(shop.get("/actuator/health").contains("ttm4j"));
            assertFalse(shop.get("/actuator/info").contains("ttm4j"));
        }
        try (Application shop = Application.start(Application.jars(version), folder, none[0],
                "--management.health.ttm4j.enabled=true", "--management.info.defaults.enabled=false",
                "--management.info.ttm4j.enabled=true")) {
            contains(shop.get("/actuator/health"), "ttm4j");
            contains(shop.get("/actuator/info"), "ttm4j");
        }
    }

    private static void contains(String text, String... parts) {
        for (String part : parts) assertTrue(text.contains(part), () -> part + " in\n" + text);
    }
}
