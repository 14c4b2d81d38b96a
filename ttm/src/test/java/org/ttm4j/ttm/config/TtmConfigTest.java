package org.ttm4j.ttm.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.ttm.config.TtmConfig.Loss;
import org.ttm4j.ttm.config.TtmConfig.Mode;
import org.ttm4j.ttm.config.TtmConfig.Norm;
import org.ttm4j.ttm.config.TtmConfig.PositionalEncoding;
import org.ttm4j.ttm.config.TtmConfig.Scaling;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.io.Json;

class TtmConfigTest {

    /** A configuration from JSON written with single quotes. */
    private static TtmConfig config(String json) throws CheckpointException {
        byte[] utf8 = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return TtmConfig.fromJson(Json.parseObject(utf8, "config.json"));
    }

    @Test
    void missingKeysTakeTheirDefaults() throws Exception {
        TtmConfig config = config("{}");
        assertEquals(TtmConfig.builder().build(), config);
        assertEquals(64, config.contextLength());
        assertEquals(16, config.predictionLength());
        assertEquals(8, config.patchLength());
        assertEquals(8, config.patchStride());
        assertEquals(1, config.numInputChannels());
        assertEquals(16, config.dModel());
        assertEquals(2, config.expansionFactor());
        assertEquals(3, config.numLayers());
        assertEquals(0, config.adaptivePatchingLevels());
        assertEquals(Mode.COMMON_CHANNEL, config.mode());
        assertEquals(Mode.COMMON_CHANNEL, config.decoderMode());
        assertTrue(config.gatedAttn());
        assertEquals(Norm.LAYER, config.normMlp());
        assertEquals(1e-5, config.normEps());
        assertFalse(config.selfAttn());
        assertEquals(1, config.selfAttnHeads());
        assertFalse(config.usePositionalEncoding());
        assertEquals(PositionalEncoding.SINCOS, config.positionalEncodingType());
        assertEquals(Scaling.STD, config.scaling());
        assertEquals(0.2, config.dropout());
        assertEquals(0.2, config.headDropout());
        assertTrue(config.useDecoder());
        assertEquals(8, config.decoderNumLayers());
        assertEquals(8, config.decoderDModel());
        assertEquals(0, config.decoderAdaptivePatchingLevels());
        assertFalse(config.decoderRawResidual());
        assertFalse(config.resolutionPrefixTuning());
        assertEquals(5, config.frequencyTokenVocabSize());
        assertArrayEquals(new int[]{0, 1, 2}, config.predictionChannels(3));
        assertArrayEquals(new int[0], config.exogenousChannels());
        assertFalse(config.enableForecastChannelMixing());
        assertEquals(1, config.fcmContextLength());
        assertFalse(config.fcmUseMixer());
        assertEquals(2, config.fcmMixLayers());
        assertTrue(config.fcmGatedAttn());
        assertTrue(config.fcmPrependPast());
        assertEquals(0, config.fcmPrependPastOffset());
        assertEquals(List.of(), config.categoricalVocabSizeList());
        assertEquals(Optional.empty(), config.predictionFilterLength());
        assertEquals(Loss.MSE, config.loss());
        assertEquals(0.5, config.quantile());
        assertEquals(1, config.huberDelta());
        assertEquals(0, config.maskValue());
        assertEquals(0.02, config.initStd());
        assertEquals(TtmConfig.Init.PYTORCH, config.initLinear());
        assertEquals(TtmConfig.Init.PYTORCH, config.initEmbed());
        assertFalse(config.maskedPrediction());
    }

    /** No value is its default or that of another key, so a swapped pair shows. */
    @Test
    void everyValueIsReadAndWrittenUnderItsOwnKey() throws Exception {
        String json = "{'model_type':'tinytimemixer','architectures':['TinyTimeMixerForMaskedPrediction'],"
                + "'torch_dtype':'float32','context_length':101,'prediction_length':51,'patch_length':11,"
                + "'patch_stride':7,'num_input_channels':6,'d_model':40,'expansion_factor':3,'num_layers':4,"
                + "'adaptive_patching_levels':2,'mode':'mix_channel','decoder_mode':'mix_channel',"
                + "'gated_attn':false,'norm_mlp':'BatchNorm','norm_eps':0.001,'self_attn':true,'self_attn_heads':2,"
                + "'use_positional_encoding':true,'positional_encoding_type':'random','scaling':'mean',"
                + "'dropout':0.1,'head_dropout':0.7,'use_decoder':true,'decoder_num_layers':5,"
                + "'decoder_d_model':48,'decoder_adaptive_patching_levels':3,'decoder_raw_residual':true,"
                + "'resolution_prefix_tuning':true,'frequency_token_vocab_size':10,"
                + "'prediction_channel_indices':[0,4],'exogenous_channel_indices':[1,3],"
                + "'enable_forecast_channel_mixing':true,'fcm_context_length':12,'fcm_use_mixer':true,"
                + "'fcm_mix_layers':9,'fcm_gated_attn':false,'fcm_prepend_past':false,'fcm_prepend_past_offset':13,"
                + "'categorical_vocab_size_list':[14,15],'prediction_filter_length':16,'loss':'huber',"
                + "'quantile':0.9,'huber_delta':0.25,'mask_value':0.75,'init_std':0.03,'init_linear':'normal',"
                + "'init_embed':'uniform'}";
        TtmConfig config = config(json);
        assertEquals(json.replace('\'', '"'), Json.compact(config.toJson()));
        assertEquals(config, TtmConfig.fromJson(config.toJson()));
        assertEquals(config, config.toBuilder().build());
        Map<String, Object> defaults = TtmConfig.builder().build().toJson();
        Map<String, Object> changed = config.toJson();
        assertEquals(defaults.keySet(), changed.keySet());
        for (String key : changed.keySet()) {
            if (!List.of("model_type", "torch_dtype", "use_decoder").contains(key)) {
                assertNotEquals(defaults.get(key), changed.get(key), key + " was left at its default");
            }
        }
    }

    /** One value at a time is another one, so a swapped pair shows. */
    @ParameterizedTest
    @EnumSource
    void theComponentOfAKeyHasItsValue(Key key) throws Exception {
        TtmConfig config = TtmConfig.builder().build();
        Map<Key, Object> changed = new EnumMap<>(config.values());
        changed.computeIfPresent(key, (same, value) -> another(value));
        SortedMap<String, Object> before = components("", config);
        SortedMap<String, Object> after = components("", new TtmConfig(changed));
        after.entrySet().removeAll(before.entrySet());
        boolean onlyInTheMap = key.replaced != null && key != Key.RESIDUAL_CONTEXT_LENGTH || key == Key.LIGHT_MODE
                || key == Key.USE_REGISTER_CONTEXT_GATING;
        assertEquals(onlyInTheMap ? Set.of() : Set.of(component(key)), after.keySet());
    }

    private static Object another(Object value) {
        if (value instanceof Boolean flag) return !flag;
        if (value instanceof Integer number) return number + 1;
        if (value instanceof Double number) return number + 1;
        if (value instanceof List) return List.of(1);
        if (value instanceof Optional) return Optional.of(1);
        Object[] constants = ((Enum<?>) value).getDeclaringClass().getEnumConstants();
        return constants[constants.length - 1];
    }

    private static SortedMap<String, Object> components(String prefix, Record parts) throws Exception {
        SortedMap<String, Object> components = new TreeMap<>();
        for (RecordComponent component : parts.getClass().getRecordComponents()) {
            String name = prefix + component.getName();
            Object value = component.getAccessor().invoke(parts);
            if (value instanceof Record part) components.putAll(components(name + ".", part));
            else if (!name.equals("values")) components.put(name, value);
        }
        return components;
    }

    /** The name in Java; in the quantile head and the gates it is shorter. */
    private static String component(Key key) {
        StringBuilder name = new StringBuilder();
        for (String word : key.toString().split("_")) {
            name.append(name.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return switch (key) {
            case ARCHITECTURES -> "architecture";
            case GATE_MODE -> "gate.mode";
            case GATE_GROUPS -> "gate.groups";
            case MULTI_QUANTILE_HEAD -> "quantileHead.enabled";
            case QUANTILE_LEVELS -> "quantileHead.levels";
            case MQ_COND_PATH -> "quantileHead.path";
            case MQ_COND_MODE -> "quantileHead.mode";
            case MQ_Q50_TYPE -> "quantileHead.middle";
            case PENALIZE_LARGE_WIDTH_RATIO -> "quantileHead.widthPenalty";
            case WIDTH_PENALTY_MODE -> "quantileHead.penalizedWidth";
            default -> {
                if (key.compareTo(Key.GATE_MODE) < 0 || key == Key.POST_INIT) yield name.toString();
                if (key.compareTo(Key.MULTI_QUANTILE_HEAD) < 0) yield "tokens." + name;
                if (key.compareTo(Key.RESIDUAL_CONTEXT_LENGTH) >= 0) yield "decomposition." + name;
                String plain = name.toString().replaceFirst("^mq", "");
                yield "quantileHead." + plain.substring(0, 1).toLowerCase(Locale.ROOT) + plain.substring(1);
            }
        };
    }

    @Test
    void aBuilderFillsTheSameKeysAsAFile() throws Exception {
        TtmConfig built = TtmConfig.builder()
                .set(Key.CONTEXT_LENGTH, 96)
                .set(Key.PREDICTION_LENGTH, 24)
                .set(Key.NUM_INPUT_CHANNELS, 5)
                .set(Key.DECODER_MODE, Mode.MIX_CHANNEL)
                .set(Key.NORM_MLP, Norm.BATCH)
                .set(Key.SCALING, Scaling.NONE)
                .set(Key.LOSS, Loss.NONE)
                .set(Key.PREDICTION_CHANNEL_INDICES, List.of(2, 0))
                .set(Key.EXOGENOUS_CHANNEL_INDICES, List.of(4, 1))
                .set(Key.CATEGORICAL_VOCAB_SIZE_LIST, List.of(4, 7))
                .set(Key.PREDICTION_FILTER_LENGTH, 10)
                .set(Key.ARCHITECTURES, TtmConfig.Architecture.MASKED)
                .set(Key.LIGHT_MODE, true)
                .set(Key.POST_INIT, true)
                .build();
        TtmConfig read = config("{'context_length':96,'prediction_length':24,'num_input_channels':5,"
                + "'decoder_mode':'mix_channel','norm_mlp':'my BATCHnorm','scaling':null,'loss':null,"
                + "'prediction_channel_indices':[0,2],'exogenous_channel_indices':[1,4],"
                + "'categorical_vocab_size_list':[4,7],'prediction_filter_length':10,"
                + "'light_mode':true,'post_init':true,'architectures':['TinyTimeMixerForMaskedPrediction']}");
        assertEquals(read, built);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {"'std' | STD", "true | STD", "'mean' | MEAN",
            "null | NONE", "false | NONE",})
    void scalingHasAName(String value, Scaling expected) throws Exception {
        assertEquals(expected, config("{'scaling':" + value + "}").scaling());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {"context_length | 'context_length':0",
            "context_length | 'context_length':-1", "context_length | 'context_length':1.0",
            "context_length | 'context_length':'512'", "context_length | 'context_length':null",
            "context_length | 'context_length':true", "context_length | 'context_length':4294967360",
            "context_length | 'context_length':1e3", "context_length | 'context_length':2000000",
            "context_length | 'context_length':8", "context_length | 'patch_length':64",
            "prediction_length | 'prediction_length':0", "patch_length | 'patch_length':0",
            "patch_stride | 'patch_stride':0", "num_input_channels | 'num_input_channels':0", "d_model | 'd_model':0",
            "d_model | 'd_model':[16]", "d_model | 'd_model':22,'adaptive_patching_levels':3",
            "d_model | 'd_model':21,'adaptive_patching_levels':2", "expansion_factor | 'expansion_factor':0",
            "num_layers | 'num_layers':0", "num_layers | 'num_layers':100000",
            "adaptive_patching_levels | 'adaptive_patching_levels':-1",
            "adaptive_patching_levels | 'adaptive_patching_levels':32", "mode | 'mode':'mix'", "mode | 'mode':null",
            "mode | 'mode':'MIX_CHANNEL'", "decoder_mode | 'decoder_mode':'flatten'", "gated_attn | 'gated_attn':1",
            "gated_attn | 'gated_attn':'true'", "norm_mlp | 'norm_mlp':7", "norm_eps | 'norm_eps':0",
            "norm_eps | 'norm_eps':1e-60", "norm_eps | 'norm_eps':-1e-5", "norm_eps | 'norm_eps':'1e-5'",
            "self_attn_heads | 'self_attn_heads':0", "self_attn_heads | 'self_attn':true,'self_attn_heads':3",
            "self_attn_heads | 'self_attn':true,'self_attn_heads':4,'d_model':24,'adaptive_patching_levels':3",
            "self_attn_heads | 'self_attn':true,'self_attn_heads':16",
            "self_attn_heads | 'self_attn':true,'self_attn_heads':4,'num_input_channels':3,"
                    + "'enable_forecast_channel_mixing':true,'fcm_use_mixer':true",
            "positional_encoding_type | 'positional_encoding_type':'rotary'", "scaling | 'scaling':'minmax'",
            "scaling | 'scaling':1", "dropout | 'dropout':1", "dropout | 'dropout':-0.1",
            "head_dropout | 'head_dropout':1.5", "use_decoder | 'use_decoder':null",
            "decoder_num_layers | 'decoder_num_layers':0", "decoder_d_model | 'decoder_d_model':0",
            "decoder_d_model | 'decoder_d_model':11,'decoder_adaptive_patching_levels':2",
            "decoder_adaptive_patching_levels | 'decoder_adaptive_patching_levels':-2",
            "frequency_token_vocab_size | 'frequency_token_vocab_size':0",
            "prediction_channel_indices | 'prediction_channel_indices':[1]",
            "prediction_channel_indices | 'prediction_channel_indices':[-1]",
            "prediction_channel_indices | 'prediction_channel_indices':[]",
            "prediction_channel_indices | 'prediction_channel_indices':0",
            "prediction_channel_indices | 'prediction_channel_indices':['0']",
            "prediction_channel_indices | 'num_input_channels':3,'prediction_channel_indices':[2,0,2]",
            "exogenous_channel_indices | 'num_input_channels':3,'exogenous_channel_indices':[3]",
            "exogenous_channel_indices | 'num_input_channels':3,'exogenous_channel_indices':[1,1]",
            "exogenous_channel_indices | 'num_input_channels':2,'exogenous_channel_indices':[1,0]",
            "exogenous_channel_indices | 'num_input_channels':3,'exogenous_channel_indices':[1],"
                    + "'prediction_channel_indices':[0,1]",
            "fcm_context_length | 'fcm_context_length':-1",
            "fcm_context_length | 'fcm_context_length':0,'enable_forecast_channel_mixing':true,'fcm_use_mixer':true",
            "fcm_context_length | 'fcm_context_length':65,'enable_forecast_channel_mixing':true",
            "fcm_context_length | 'fcm_context_length':4,'enable_forecast_channel_mixing':true,"
                    + "'fcm_prepend_past_offset':61",
            "fcm_mix_layers | 'fcm_mix_layers':0", "fcm_prepend_past_offset | 'fcm_prepend_past_offset':-1",
            "categorical_vocab_size_list | 'categorical_vocab_size_list':[4]",
            "categorical_vocab_size_list | 'categorical_vocab_size_list':[4,0],'decoder_mode':'mix_channel'",
            "categorical_vocab_size_list | 'categorical_vocab_size_list':[4],'decoder_mode':'mix_channel',"
                    + "'use_decoder':false",
            "prediction_filter_length | 'prediction_filter_length':0",
            "prediction_filter_length | 'prediction_filter_length':17", "loss | 'loss':'nll'", "loss | 'loss':'rmse'",
            "loss | 'loss':false", "quantile | 'quantile':0", "quantile | 'quantile':1",
            "huber_delta | 'huber_delta':0", "huber_delta | 'huber_delta':-1", "huber_delta | 'huber_delta':1e300",
            "mask_value | 'mask_value':1e300", "mask_value | 'mask_value':null", "init_std | 'init_std':-0.02",
            "init_linear | 'init_linear':0", "init_embed | 'init_embed':null",
            "architectures | 'architectures':'TinyTimeMixerForPrediction'", "d_model | 'd_model':1048576",
            "d_model | 'num_input_channels':12000,'mode':'mix_channel','expansion_factor':1,'num_layers':1,"
                    + "'d_model':1024,'decoder_num_layers':1,'gated_attn':false,'context_length':65",
            "prediction_length | 'num_input_channels':10000,'mode':'mix_channel','expansion_factor':1,'num_layers':1,"
                    + "'gated_attn':false,'use_decoder':false,'d_model':1,'prediction_length':10000",
            "fcm_context_length | 'enable_forecast_channel_mixing':true,'fcm_use_mixer':true,'fcm_gated_attn':false,"
                    + "'fcm_prepend_past':false,'prediction_length':500000,'fcm_context_length':60,"
                    + "'decoder_d_model':4",
            "context_length | 'num_input_channels':100,'enable_forecast_channel_mixing':true,"
                    + "'context_length':1048576,'patch_length':64,'patch_stride':1048576",
            "d_model | 'num_input_channels':1000000,'mode':'mix_channel'",
            "decoder_d_model | 'decoder_d_model':1048576",
            "prediction_length | 'prediction_length':1000000,'decoder_d_model':64",
            "fcm_context_length | 'fcm_context_length':1000000,'enable_forecast_channel_mixing':true,"
                    + "'fcm_prepend_past':false",})
    void anImpossibleValueIsRefusedByTheNameOfItsKey(String key, String json) {
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> config("{" + json + "}"));
        assertTrue(error.getMessage().startsWith('"' + key + '"'), error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "'num_patches':8,'masked_context_length':null,'transformers_version':'4.38.0','post_init':false",
            "'max_position_embeddings':1000000000000000019884624838656",
            "'multi_scale':false,'register_tokens':0,'fft_length':0,'multi_quantile_heads':null,'decompose':true",
            "'gate_mode':'softmax','enable_base_norm_always':null,'multi_quantile_head':false",
            "'architectures':null,'mask_value':0,'huber_delta':1,'norm_eps':1e-05", "'exogenous_channel_indices':[]",
            "'init_linear':'orthogonal','init_embed':'PyTorch'",
            // Switched off, so the keys below decide nothing.
            "'fcm_context_length':0,'fcm_use_mixer':true",
            "'use_decoder':false,'decoder_d_model':11,'decoder_adaptive_patching_levels':2",
            "'self_attn':false,'self_attn_heads':7",})
    void whatMeansNothingIsIgnored(String json) throws Exception {
        TtmConfig config = config("{" + json + "}");
        assertEquals(16, config.dModel());
        assertEquals(config, TtmConfig.fromJson(config.toJson()));
    }

    @Test
    void patchesAreCountedWithThePrefixAndTheMaskedSteps() {
        TtmConfig.Builder builder = TtmConfig.builder()
                .set(Key.CONTEXT_LENGTH, 100)
                .set(Key.PATCH_LENGTH, 16)
                .set(Key.PATCH_STRIDE, 8)
                .set(Key.PREDICTION_LENGTH, 24);
        assertEquals(11, builder.build().numPatches());
        assertEquals(12, builder.set(Key.RESOLUTION_PREFIX_TUNING, true).build().numPatches());
        assertEquals(11, builder.build().numPatchesWithoutPrefix());
        TtmConfig masked = builder.set(Key.ARCHITECTURES, TtmConfig.Architecture.MASKED)
                .set(Key.PREDICTION_FILTER_LENGTH, 10)
                .build();
        assertEquals(10, masked.maskedSteps());
        assertEquals(110, masked.modelContextLength());
        assertEquals(12, masked.numPatchesWithoutPrefix());
        assertEquals(10, masked.outputLength());
        assertEquals(10, masked.fcmPastOffset());
    }

    @Test
    void channelsAreResolvedAgainstTheExogenousOnes() {
        TtmConfig.Builder builder = TtmConfig.builder()
                .set(Key.NUM_INPUT_CHANNELS, 5)
                .set(Key.EXOGENOUS_CHANNEL_INDICES, List.of(3, 1));
        assertArrayEquals(new int[]{0, 2, 4}, builder.build().predictionChannels(5));
        assertArrayEquals(new int[]{1, 3}, builder.build().exogenousChannels());
        assertEquals(3, builder.build().forecastChannelCount());
        assertFalse(builder.build().usesExogenous());
        assertTrue(builder.set(Key.ENABLE_FORECAST_CHANNEL_MIXING, true).build().usesExogenous());
        assertTrue(builder.build().mixesChannels());
        assertArrayEquals(new int[]{0, 4},
                builder.set(Key.PREDICTION_CHANNEL_INDICES, List.of(4, 0)).build().predictionChannels(5));
    }

    @Test
    void onlyMixingFixesTheNumberOfChannels() {
        TtmConfig.Builder builder = TtmConfig.builder().set(Key.NUM_INPUT_CHANNELS, 5);
        assertEquals(1, builder.build().leastChannels());
        assertEquals(4, builder.set(Key.EXOGENOUS_CHANNEL_INDICES, List.of(3, 1)).build().leastChannels());
        assertArrayEquals(new int[]{0, 2, 4, 5, 6}, builder.build().predictionChannels(7));
        assertEquals(3, builder.set(Key.EXOGENOUS_CHANNEL_INDICES, List.of(1, 0)).build().leastChannels(),
                "one is left to forecast");
        assertEquals(4, builder.set(Key.PREDICTION_CHANNEL_INDICES, List.of(3)).build().leastChannels());
        assertFalse(builder.build().needsKnownFuture());
        assertEquals(5, builder.set(Key.ENABLE_FORECAST_CHANNEL_MIXING, true).build().leastChannels());
        assertTrue(builder.build().needsKnownFuture());
        assertEquals(5,
                TtmConfig.builder()
                        .set(Key.NUM_INPUT_CHANNELS, 5)
                        .set(Key.MODE, Mode.MIX_CHANNEL)
                        .build()
                        .leastChannels());
    }

    @Test
    void aLevelTooNarrowIsNotSplit() {
        assertArrayEquals(new int[]{4, 2, 1}, TtmConfig.levelFactors(192, 3));
        assertArrayEquals(new int[]{1, 2, 1}, TtmConfig.levelFactors(16, 3));
        assertArrayEquals(new int[]{4, 2, 1}, TtmConfig.levelFactors(20, 3));
        assertArrayEquals(new int[]{1, 1, 1}, TtmConfig.levelFactors(9, 3));
        assertArrayEquals(new int[0], TtmConfig.levelFactors(16, 0));
    }

    @Test
    void aConfigurationKeepsNothingOfItsCaller() {
        List<Integer> channels = new ArrayList<>(List.of(0, 1));
        TtmConfig config = TtmConfig.builder()
                .set(Key.NUM_INPUT_CHANNELS, 3)
                .set(Key.PREDICTION_CHANNEL_INDICES, channels)
                .build();
        channels.set(0, 2);
        config.predictionChannels(3)[0] = 2;
        assertArrayEquals(new int[]{0, 1}, config.predictionChannels(3));
        assertThrows(UnsupportedOperationException.class, () -> config.predictionChannelIndices().add(2));
    }

    /** Few weights, and once 494 MB of memory for one series. */
    @Test
    void endlessActivationsAreRefused() {
        TtmConfig.Builder wide = TtmConfig.builder()
                .set(Key.CONTEXT_LENGTH, 8193)
                .set(Key.PATCH_LENGTH, 2)
                .set(Key.PATCH_STRIDE, 1)
                .set(Key.D_MODEL, 2048)
                .set(Key.EXPANSION_FACTOR, 1)
                .set(Key.NUM_LAYERS, 1)
                .set(Key.USE_DECODER, false)
                .set(Key.PREDICTION_LENGTH, 1)
                .set(Key.MODE, TtmConfig.Mode.COMMON_CHANNEL);
        String message = assertThrows(IllegalArgumentException.class, wide::build).getMessage();
        assertTrue(message.startsWith("\"d_model\" and the sizes beside it ask for 6.7")
                && message.endsWith("2²⁵ are supported"), message);
    }
}
