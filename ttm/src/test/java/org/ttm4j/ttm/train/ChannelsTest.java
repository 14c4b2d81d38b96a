package org.ttm4j.ttm.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.train.Channels.Channel;
import org.ttm4j.ttm.train.Channels.Role;

class ChannelsTest {
    private static final Channels CHANNELS = new Channels(List.of(Channel.of("load", Role.TARGET, 812.1, 1e-300),
            Channel.ignored("row"), Channel.of("\"wind\", ü", Role.KNOWN_FUTURE, -0.1, 1),
            Channel.category("region", List.of("north", "south", "")), Channel.of("c", Role.PAST_ONLY, 0, Math.PI)));

    @TempDir
    Path folder;

    private static TtmConfig.Builder config() {
        return TtmConfig.builder()
                .set(Key.NUM_INPUT_CHANNELS, 3)
                .set(Key.PREDICTION_CHANNEL_INDICES, List.of(0))
                .set(Key.EXOGENOUS_CHANNEL_INDICES, List.of(1))
                .set(Key.ENABLE_FORECAST_CHANNEL_MIXING, true)
                .set(Key.DECODER_MODE, TtmConfig.Mode.MIX_CHANNEL)
                .set(Key.CATEGORICAL_VOCAB_SIZE_LIST, List.of(3));
    }

    private String refused(String json) throws IOException {
        Files.writeString(folder.resolve("channels.json"), json);
        return assertThrows(CheckpointException.class, () -> Channels.read(folder)).getMessage();
    }

    private static String channel(String fields) {
        return "{\"channels\": [{\"name\": \"y\", \"role\": \"target\", \"mean\": 0, \"deviation\": 1}, {" + fields
                + "}]}";
    }

    @Test
    void whatIsWrittenIsReadBackExactly() throws IOException {
        Files.write(folder.resolve(Channels.FILE), CHANNELS.json());
        assertEquals(Optional.of(CHANNELS), Channels.read(folder));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(folder.resolve("channels.json")), files.toList());
        }
    }

    @Test
    void aFolderWithoutTheFileHasNone() throws IOException {
        assertEquals(Optional.empty(), Channels.read(folder));
    }

    @Test
    void rolesSelectChannelsInOrder() {
        assertEquals(List.of("load", "\"wind\", ü", "c"), CHANNELS.inputs().stream().map(Channel::name).toList());
        assertEquals(List.of("region"), CHANNELS.categories().stream().map(Channel::name).toList());
        assertEquals(1, CHANNELS.categories().get(0).code("south"));
    }

    @Test
    void anUnknownCategoryListsWhatIsKnown() {
        String message = assertThrows(IllegalArgumentException.class, () -> CHANNELS.categories().get(0).code("west"))
                .getMessage();
        assertEquals("static category region: 'west' is not known; known are 'north', 'south', ''", message);
    }

    @Test
    void impossibleFilesAreRefusedNamingThePlace() throws IOException {
        assertTrue(refused("{}").contains("\"channels\""));
        assertTrue(refused("{\"channels\": 3}").contains("a list"));
        assertTrue(refused("{\"channels\": []}").contains("target"));
        assertTrue(refused("{\"channels\": [], \"more\": 1}").contains("more"));
        assertTrue(refused("[").contains("channels.json"));
        assertTrue(refused(channel("\"name\": \"y\", \"role\": \"ignored\"")).contains("y comes twice"));
        assertTrue(refused(channel("\"name\": \" \", \"role\": \"ignored\"")).contains("channels[1]"));
        assertTrue(refused(channel("\"role\": \"ignored\"")).contains("\"name\" is null"));
        assertTrue(refused(channel("\"name\": \"x\", \"role\": \"other\"")).contains("\"past_only\""));
        assertTrue(refused(channel("\"name\": \"x\", \"role\": \"target\", \"mean\": 1")).contains("\"deviation\""));
        assertTrue(refused(channel("\"name\": \"x\", \"role\": \"ignored\", \"mean\": 1")).contains("\"mean\""));
        assertTrue(refused(channel("\"name\": \"x\", \"role\": \"ignored\", \"lag\": 1")).contains("\"lag\""));
        for (String deviation : List.of("0", "-1", "1e999", "null", "\"1\"")) {
            String fields = "\"name\": \"x\", \"role\": \"target\", \"mean\": 1, \"deviation\": " + deviation;
            assertTrue(refused(channel(fields)).contains("channels.json"), deviation);
        }
        for (String vocabulary : List.of("[]", "[1]", "[\"a\", \"a\"]", "{}", "null")) {
            String fields = "\"name\": \"x\", \"role\": \"static_category\", \"vocabulary\": " + vocabulary;
            assertTrue(refused(channel(fields)).contains("vocabulary"), vocabulary);
        }
    }

    @Test
    void whatIsNullIsNamed() {
        assertNull("a channel has an empty name", () -> Channel.of(null, Role.TARGET, 0, 1));
        assertNull("channel y: the role is null", () -> Channel.of("y", null, 0, 1));
        assertNull("channel y: the vocabulary, or a text in it, is null", () -> Channel.category("y", null));
        assertNull("channel y: the vocabulary, or a text in it, is null",
                () -> Channel.category("y", Arrays.asList("a", null)));
        assertNull("the list of channels, or a channel in it, is null", () -> new Channels(null));
        assertNull("the list of channels, or a channel in it, is null",
                () -> new Channels(Arrays.asList(Channel.ignored("x"), null)));
    }

    private static void assertNull(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @Test
    void theConfigurationMustAgree() {
        CHANNELS.requireMatch(config().build());
        assertMismatch(config().set(Key.NUM_INPUT_CHANNELS, 4), "num_input_channels");
        assertMismatch(config().set(Key.PREDICTION_CHANNEL_INDICES, List.of(2)), "prediction_channel_indices");
        assertMismatch(config().set(Key.EXOGENOUS_CHANNEL_INDICES, List.of(2)), "exogenous_channel_indices");
        assertMismatch(config().set(Key.CATEGORICAL_VOCAB_SIZE_LIST, List.of(2)), "categorical_vocab_size_list");
    }

    private static void assertMismatch(TtmConfig.Builder config, String key) {
        TtmConfig built = config.build();
        String message = assertThrows(IllegalArgumentException.class, () -> CHANNELS.requireMatch(built)).getMessage();
        assertTrue(message.contains(key), message);
    }
}
