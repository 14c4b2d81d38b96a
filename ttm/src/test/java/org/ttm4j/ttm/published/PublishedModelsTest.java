package org.ttm4j.ttm.published;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Period;
import java.time.temporal.TemporalAmount;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.io.DType;
import org.ttm4j.ttm.model.TtmModel;

class PublishedModelsTest {

    @Test
    void everyNameIsThatOfItsModel() {
        for (boolean lite : new boolean[]{false, true}) {
            assertEquals(21, PublishedModels.all(lite).size());
            for (PublishedModel model : PublishedModels.all(lite)) {
                assertEquals(model, PublishedModels.of(model.name()));
            }
        }
        assertEquals("512-30-dec-90-lite-r3", new PublishedModel(512, 30, 90, true).name());
        assertThrows(IllegalArgumentException.class, () -> PublishedModels.of("512-96-r2"));
    }

    /** Each worked out by hand from the rules. */
    @ParameterizedTest
    @CsvSource({"700, 48, PT1H, 768-48-dec-512", "756, 48, PT1H, 1024-48-dec-512", "512, 96, PT1H, 512-96-dec-512",
            "3000, 96, PT1H, 2048-96", "3000, 100, PT1H, 2048-720", "1600, 200, PT1H, 512-336-dec-512",
            "1600, 90, PT1H, 2048-96", "1600, 90, P1D, 1536-96", "100, 10, P1D, 512-30-dec-90",
            "60, 10, PT1H, 156-16-dec-52", "30, 10, PT1H, 52-16-dec-52", "400, 400, PT1H, 360-60-dec-360",
            "600, 6, P1Y, 768-48-dec-512", "100, 6, P1Y, 156-16-dec-52", "1600, 700, PT1H, 2048-720",
            "200, 48, , 180-60-dec-180"})
    void theReferenceChooses(int steps, int horizon, String frequency, String expected) {
        TemporalAmount step = frequency == null
                ? null
                : frequency.startsWith("PT") ? Duration.parse(frequency) : Period.parse(frequency);
        assertEquals(expected + "-r3", PublishedModels.choose(steps, horizon, step, false).name());
        assertEquals(expected + "-lite-r3", PublishedModels.choose(steps, horizon, step, true).name());
    }

    @ParameterizedTest
    @CsvSource({"2000, 720, 1536-720", "10, 1, 52-16-dec-52", "1024, 96, 1024-96", "1100, 48, 1024-48-dec-512",
            "5000, 400, 3072-720", "512, 336, 512-336-dec-512", "512, 337, 512-336-dec-512"})
    void theNearestShape(int steps, int horizon, String expected) {
        assertEquals(expected + "-r3", PublishedModels.nearest(steps, horizon, false).name());
    }

    @Test
    void companions() {
        assertEquals(List.of("2048-96-r3", "1536-96-r3", "2560-96-r3", "3072-96-r3"), names("2048-96-r3"));
        assertEquals(List.of("2048-720-lite-r3", "2560-720-lite-r3", "3072-720-lite-r3"), names("2048-720-lite-r3"));
        assertEquals(List.of("156-16-dec-52-lite-r3", "52-16-dec-52-lite-r3"), names("156-16-dec-52-lite-r3"));
        assertEquals(List.of("512-96-dec-512-r3"), names("512-96-dec-512-r3"));
    }

    private static List<String> names(String name) {
        return PublishedModels.withCompanions(PublishedModels.of(name)).stream().map(PublishedModel::name).toList();
    }

    @Test
    void aModelIsLoadedForTheStepsThatAreAskedFor(@TempDir Path root) throws IOException {
        PublishedModel published = PublishedModels.of("1024-96-r3");
        TtmConfig config = Samples.config(1024, 96).patchLength(64).patchStride(64).build();
        new TtmModel(config).initialize(1).save(root.resolve(published.name()), DType.F32);
        assertEquals(20, published.load(root, 20).config().outputLength());
        assertEquals(96, published.load(root, 200).config().outputLength());
        assertEquals(1, published.load(root, 1).config().outputLength());
        assertThrows(IllegalArgumentException.class, () -> published.load(root, 0));
        TtmConfig quantiles = TtmConfig.fromJson(with(config, "multi_quantile_head", true));
        new TtmModel(quantiles).initialize(1).save(root.resolve(published.name()), DType.F32);
        assertThrows(IllegalArgumentException.class, () -> published.load(root, 1));
        new TtmModel(Samples.config().build()).initialize(1).save(root.resolve("1536-96-r3"), DType.F32);
        String message = assertThrows(CheckpointException.class, () -> PublishedModels.of("1536-96-r3").load(root, 20))
                .getMessage();
        assertTrue(message.endsWith("config.json describes 48-12; expected 1536-96-r3"), message);
    }

    private static Map<String, Object> with(TtmConfig config, String key, Object value) {
        Map<String, Object> json = new LinkedHashMap<>(config.toJson());
        json.put(key, value);
        return json;
    }
}
