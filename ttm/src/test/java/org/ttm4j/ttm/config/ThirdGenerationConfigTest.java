package org.ttm4j.ttm.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.io.Json;
import org.ttm4j.ttm.model.TtmModel;

/** The keys of the third generation: defaults, values, rules, and the sizes and counts that follow. */
class ThirdGenerationConfigTest {
    /** The shape of the first published model. */
    private static final String PUBLISHED = "'context_length':512,'prediction_length':96,'patch_length':64,"
            + "'patch_stride':64,'d_model':192,'num_layers':2,'adaptive_patching_levels':3,'decoder_num_layers':2,"
            + "'decoder_d_model':128";
    private static final String DECOMPOSED = "'architectures':['TinyTimeMixerForDecomposedPrediction']";
    private static final String QUANTILES = "'multi_quantile_head':true";
    private static final String FLATTEN = QUANTILES + ",'mq_use_decoder_pool':true,'mq_cond_path':'flatten',"
            + "'mq_cond_mode':'concat'";

    private static TtmConfig config(String json) throws CheckpointException {
        byte[] utf8 = ("{" + json.replace('\'', '"') + "}").getBytes(StandardCharsets.UTF_8);
        return TtmConfig.fromJson(Json.parseObject(utf8, "config.json"));
    }

    @Test
    void withoutItsKeysAModelIsOfAnEarlierGeneration() throws Exception {
        TtmConfig config = config("");
        assertFalse(config.isThirdGeneration());
        assertEquals(config, config("'multi_scale':null,'register_tokens':0,'fft_length':0,'use_fft_embedding':true,"
                + "'get_one_freq_emb':false,'fft_ignore_dc':null,'fft_d_freq_min':4,'fft_d_freq_max':64,"
                + "'enable_base_norm_always':false,'gate_mode':'softmax','gate_groups':8,'multi_quantile_head':false,"
                + "'quantile_levels':null,'mq_hidden':8,'mq_kernel_size':3,'mq_eps':1e-6,'mq_use_decoder_pool':false,"
                + "'mq_cond_path':'POOL','mq_cond_mode':'Add','mq_decoder_d_model':8,'mq_q50_type':'Median',"
                + "'point_extra_weight':0,'penalize_large_width_ratio':0,'width_penalty_mode':'boundary',"
                + "'residual_context_length':null,'trend_d_model':null,'trend_loss_weight':1,'joint_loss_weight':1,"
                + "'combine_quantiles_via_variance':false,'light_mode':false,'trend_head_d_model':7,"
                + "'mq_use_positional':true,'decompose':true,'forecast_loss_type':'joint','num_patches':3"));
        assertFalse(config.toJson().containsKey("gate_mode"), "earlier files stay as they were");
    }

    @Test
    void theKeysAreThoseThatAreRead() throws Exception {
        SortedSet<String> keys = TtmConfig.jsonKeys();
        Set<String> written = new TreeSet<>(
                config(DECOMPOSED + ",'light_mode':true,'post_init':true").toJson().keySet());
        written.removeAll(List.of("model_type", "torch_dtype"));
        assertEquals(Set.of(), difference(written, keys), "written, but not among the keys");
        assertEquals(Set.of("mq_step_widths", "point_extra_loss", "quantile_list", "use_register_context_gating"),
                difference(keys, written), "read, but not written unless they say something");
    }

    private static Set<String> difference(Set<String> all, Set<String> without) {
        Set<String> rest = new TreeSet<>(all);
        rest.removeAll(without);
        return rest;
    }

    /** No value is its default, so a swapped pair shows. */
    @Test
    void everyValueIsReadAndWrittenUnderItsOwnKey() throws Exception {
        String json = "'gate_mode':'group_sigmoid','gate_groups':5,'multi_scale':true,'register_tokens':2,"
                + "'fft_length':3,'use_fft_embedding':false,'get_one_freq_emb':true,'fft_ignore_dc':true,"
                + "'fft_d_freq_min':6,'fft_d_freq_max':7,'enable_base_norm_always':true,'multi_quantile_head':true,"
                + "'quantile_levels':[0.2,0.5,0.8],'mq_hidden':9,'mq_kernel_size':5,'mq_eps':0.125,"
                + "'mq_use_decoder_pool':true,'mq_cond_path':'flatten','mq_cond_mode':'concat','mq_decoder_d_model':10,"
                + "'mq_q50_type':'mean','point_extra_weight':0.25,'penalize_large_width_ratio':0.75,"
                + "'width_penalty_mode':'wis','residual_context_length':40,'trend_patch_length':16,"
                + "'trend_patch_stride':16,'trend_d_model':11,'trend_decoder_d_model':12,'trend_num_layers':13,"
                + "'trend_decoder_num_layers':14,'trend_register_tokens':0,'trend_fft_length':1,"
                + "'trend_adaptive_patching_levels':0,'trend_multi_scale':false,'trend_loss_weight':1.5,"
                + "'residual_loss_weight':2.5,'joint_loss_weight':3.5,'combine_quantiles_via_variance':true,"
                + "'light_mode':true,'post_init':true";
        TtmConfig config = config(DECOMPOSED + "," + json);
        assertTrue(Json.compact(config.toJson()).endsWith("," + json.replace('\'', '"') + "}"),
                Json.compact(config.toJson()));
        assertEquals(config, TtmConfig.fromJson(config.toJson()));
        TtmConfig trend = config.trendForecaster();
        assertEquals(List.of(64, 16, 11, 12, 13, 14, 0, 1),
                List.of(trend.contextLength(), trend.patchLength(), trend.dModel(), trend.decoderDModel(),
                        trend.numLayers(), trend.decoderNumLayers(), trend.tokens().registerTokens(),
                        trend.tokens().fftLength()));
        assertFalse(trend.tokens().multiScale());
        TtmConfig residual = config.residualForecaster();
        assertEquals(List.of(40, 8, 16, 8, 3, 8, 2, 3),
                List.of(residual.contextLength(), residual.patchLength(), residual.dModel(), residual.decoderDModel(),
                        residual.numLayers(), residual.decoderNumLayers(), residual.tokens().registerTokens(),
                        residual.tokens().fftLength()));
        assertEquals(TtmConfig.Scaling.NONE, trend.scaling());
        assertFalse(trend.decomposed() || residual.decomposed());
    }

    @Test
    void aBuilderFillsTheSameKeys() throws Exception {
        TtmConfig file = config("'gate_mode':'glu'," + FLATTEN + ",'register_tokens':3");
        TtmConfig built = TtmConfig.builder()
                .set(Key.GATE_MODE, GateConfig.Mode.GLU)
                .set(Key.MULTI_QUANTILE_HEAD, true)
                .set(Key.MQ_USE_DECODER_POOL, true)
                .set(Key.MQ_COND_PATH, QuantileHeadConfig.Path.FLATTEN)
                .set(Key.MQ_COND_MODE, QuantileHeadConfig.Mode.CONCAT)
                .set(Key.REGISTER_TOKENS, 3)
                .build();
        assertEquals(file, built);
    }

    @Test
    void levelsAreSortedAndHaveAnEarlierName() throws Exception {
        List<Double> levels = List.of(0.1, 0.25, 0.5, 0.75, 0.9);
        assertEquals(levels, config("'quantile_levels':[0.5,0.9,0.1,0.25,0.75]").quantileHead().levels());
        assertEquals(levels, config("'quantile_list':[0.9,0.5,0.1,0.25,0.75]").quantileHead().levels());
        assertEquals(levels,
                config("'quantile_levels':null,'quantile_list':[0.9,0.5,0.1,0.25,0.75]").quantileHead().levels());
        assertEquals(levels,
                config("'quantile_levels':[0.9,0.5,0.1,0.25,0.75],'quantile_list':[0.5]").quantileHead().levels());
        assertEquals(9, config("'quantile_levels':null").quantileHead().levels().size());
        assertFalse(config("'use_fft_embedding':null").tokens().useFftEmbedding());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {"register_tokens | 'register_tokens':-1",
            "register_tokens | 'register_tokens':null", "fft_length | 'fft_length':-1", "fft_length | 'fft_length':34",
            "gate_mode | 'gate_mode':'relu'", "gate_mode | 'gate_mode':null", "gate_mode | 'gate_mode':'GLU'",
            "gate_groups | 'gate_groups':-1", "gate_groups | 'gate_groups':null",
            "fft_d_freq_min | 'fft_d_freq_min':-1", "fft_d_freq_max | 'fft_d_freq_max':null",
            "fft_d_freq_max | 'fft_d_freq_min':0,'fft_d_freq_max':0,'fft_length':2,'get_one_freq_emb':true",
            "multi_scale | 'multi_scale':1", "quantile_levels | 'quantile_levels':[0.1,0.9]",
            "quantile_levels | 'quantile_levels':[0.1,0.2,0.5]", "quantile_levels | 'quantile_levels':[]",
            "quantile_levels | 'quantile_levels':[0,0.5,0.9]", "quantile_levels | 'quantile_levels':[0.1,0.5,1]",
            "quantile_levels | 'quantile_levels':[0.1,0.5,0.5]", "quantile_levels | 'quantile_levels':['0.5']",
            "quantile_levels | 'quantile_levels':0.5", "quantile_list | 'quantile_list':[0.1,0.2]",
            "mq_hidden | 'mq_hidden':0", "mq_hidden | 'mq_hidden':null", "mq_kernel_size | 'mq_kernel_size':4",
            "mq_kernel_size | 'mq_kernel_size':0", "mq_eps | 'mq_eps':-1", "mq_eps | 'mq_eps':null",
            "mq_decoder_d_model | 'mq_decoder_d_model':0", "mq_cond_path | 'mq_cond_path':'mean'",
            "mq_cond_path | 'mq_cond_path':null", "mq_cond_mode | 'mq_cond_mode':'multiply'",
            "mq_q50_type | 'mq_q50_type':'mode'", "width_penalty_mode | 'width_penalty_mode':'iqr'",
            "point_extra_weight | 'point_extra_weight':null", "point_extra_weight | 'point_extra_weight':-1",
            "penalize_large_width_ratio | 'multi_quantile_head':true,'quantile_levels':[0.5],"
                    + "'penalize_large_width_ratio':0.1",
            "mq_use_decoder_pool | 'multi_quantile_head':true,'mq_use_decoder_pool':true,'use_decoder':false",
            "mq_step_widths | 'multi_quantile_head':true,'mq_step_widths':true",
            "mq_step_widths | 'multi_quantile_head':true,'mq_step_widths':true,'mq_use_decoder_pool':true,"
                    + "'quantile_levels':[0.5]",
            "prediction_length | 'multi_quantile_head':true,'prediction_length':1",
            "prediction_filter_length | 'multi_quantile_head':true,'prediction_filter_length':1",
            "use_register_context_gating | 'use_register_context_gating':true",
            "multi_scale | 'multi_scale':true,'architectures':['TinyTimeMixerForMaskedPrediction']",
            "decoder_raw_residual | 'decoder_raw_residual':true,'multi_scale':true",
            "decoder_raw_residual | 'decoder_raw_residual':true,'register_tokens':1",
            "decoder_raw_residual | 'decoder_raw_residual':true,'fft_length':1",
            "patch_stride | 'patch_stride':4,'register_tokens':1", "patch_stride | 'patch_stride':4,'light_mode':true",
            "patch_stride | 'patch_stride':4,'gate_groups':4", "joint_loss_weight | 'joint_loss_weight':null",
            "trend_d_model | 'trend_d_model':'8'", "trend_d_model | 'trend_d_model':0",
            "trend_register_tokens | 'trend_register_tokens':-1", "trend_multi_scale | 'trend_multi_scale':1",
            "architectures | 'architectures':['TinyTimeMixerForMaskedPrediction',"
                    + "'TinyTimeMixerForDecomposedPrediction']",
            "mq_hidden | 'multi_quantile_head':true,'mq_hidden':1000000,'prediction_length':96",
            "prediction_channel_indices | 'register_tokens':1,'mode':'mix_channel','prediction_channel_indices':[1]",
            "prediction_channel_indices | 'register_tokens':1,'enable_forecast_channel_mixing':true,"
                    + "'prediction_channel_indices':[1]",
            "prediction_channel_indices | 'register_tokens':1,'prediction_channel_indices':[1048576]",
            "exogenous_channel_indices | 'register_tokens':1,'decoder_mode':'mix_channel',"
                    + "'exogenous_channel_indices':[1]",
            "exogenous_channel_indices | 'register_tokens':1,'exogenous_channel_indices':[0]",
            "exogenous_channel_indices | 'register_tokens':1,'exogenous_channel_indices':[2],"
                    + "'prediction_channel_indices':[2]",})
    void anImpossibleValueIsRefusedByTheNameOfItsKey(String key, String json) {
        refused(key, json);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {"patch_stride | 'patch_stride':4",
            "residual_context_length | 'residual_context_length':65",
            "residual_context_length | 'residual_context_length':8", "trend_patch_stride | 'trend_patch_length':16",
            "trend_patch_stride | 'trend_patch_stride':4",
            "context_length | 'trend_patch_length':64,'trend_patch_stride':64",
            "trend_d_model | 'trend_d_model':21,'trend_adaptive_patching_levels':2",
            "trend_fft_length | 'trend_fft_length':34", "fft_length | 'fft_length':20,'residual_context_length':32",
            "context_length | 'context_length':65537", "trend_d_model | 'trend_d_model':1048576",
            "trend_num_layers | 'trend_num_layers':0",
            "mq_use_decoder_pool | 'multi_quantile_head':true,'mq_use_decoder_pool':true,'use_decoder':false,"
                    + "'decoder_d_model':16,'trend_d_model':8",
            "decoder_raw_residual | 'decoder_raw_residual':true,'trend_register_tokens':1",})
    void eachForecasterOfADecomposedModelIsCheckedByItself(String key, String json) {
        refused(key, DECOMPOSED + "," + json);
    }

    private static void refused(String key, String json) {
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> config(json));
        assertTrue(error.getMessage().startsWith('"' + key + '"'), error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"'get_one_freq_emb':true,'fft_length':1000", "'gate_groups':0,'gate_mode':'group_sigmoid'",
            "'decoder_raw_residual':true,'multi_scale':true,'context_length':15",
            "'decoder_raw_residual':true,'register_tokens':1,'use_decoder':false",
            "'multi_quantile_head':true,'mq_use_decoder_pool':true,'use_decoder':false,'decoder_d_model':16",
            "'multi_quantile_head':true,'mq_use_decoder_pool':true,'mq_step_widths':true",
            "'patch_stride':4,'gate_mode':'softmax','multi_scale':false,'post_init':true",
            "'use_register_context_gating':false", "'penalize_large_width_ratio':1,'quantile_levels':[0.5]",
            DECOMPOSED + ",'trend_patch_length':16,"
                    + "'trend_patch_stride':16,'trend_fft_length':20,'residual_context_length':16"})
    void whatIsPossibleIsRead(String json) throws Exception {
        TtmConfig config = config(json);
        assertEquals(config, TtmConfig.fromJson(config.toJson()));
        assertEquals(config.parameterCount(), new TtmModel(config).parameterCount(false));
    }

    /** Of the reference, by the configuration of each. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {" | 805280 | 8", "'multi_scale':true | 970364 | 15",
            "'register_tokens':2 | 838288 | 10", "'fft_length':2 | 887248 | 10",
            "'fft_length':2,'use_fft_embedding':false | 875344 | 10",
            "'fft_length':4,'get_one_freq_emb':true | 870764 | 9",
            "'fft_length':4,'get_one_freq_emb':true,'use_fft_embedding':false | 860876 | 9",
            "'enable_base_norm_always':true | 808352 | 8", "'gate_mode':'glu' | 938688 | 8",
            "'multi_quantile_head':true | 805383 | 8",
            "'multi_quantile_head':true,'mq_use_decoder_pool':true | 806415 | 8",
            "'multi_quantile_head':true,'mq_use_decoder_pool':true,'mq_cond_path':'flatten','mq_cond_mode':'concat'"
                    + " | 807007 | 8",
            "'multi_scale':true,'register_tokens':2 | 1010300 | 17",
            "'multi_scale':true,'register_tokens':2,'fft_length':2,'multi_quantile_head':true | 1101059 | 19",
            "'multi_scale':true,'register_tokens':2,'fft_length':2,'multi_quantile_head':true,'gate_mode':'glu'"
                    + " | 1247711 | 19"})
    void whatEachPartCosts(String json, long parameters, int patches) throws Exception {
        counts(json == null ? PUBLISHED : PUBLISHED + "," + json, parameters, patches);
    }

    private static void counts(String json, long parameters, int patches) throws CheckpointException {
        TtmConfig config = config(json);
        assertEquals(patches, config.numPatches());
        assertEquals(parameters, config.parameterCount());
        assertEquals(parameters, new TtmModel(config).parameterCount(false));
    }

    @Test
    void countsOfPublishedShapes() throws Exception {
        counts("'context_length':1536,'prediction_length':96,'patch_length':64,'patch_stride':64,'d_model':256,"
                + "'num_layers':8,'adaptive_patching_levels':3,'decoder_d_model':128,'decoder_num_layers':2,"
                + "'register_tokens':5,'fft_length':16,'expansion_factor':3,'gate_mode':'glu','multi_scale':true,"
                + FLATTEN, 13_111_363, 67);
        String small = "'context_length':90,'prediction_length':30,'patch_length':10,'patch_stride':10,'d_model':30,"
                + "'num_layers':3,'decoder_d_model':20,'decoder_num_layers':3,'register_tokens':2,'fft_length':2";
        counts(small, 36_302, 13);
        counts(small + ",'multi_scale':true," + QUANTILES, 49_893, 20);
    }

    @Test
    void countsOfDecomposedShapes() throws Exception {
        TtmConfig config = config(DECOMPOSED + ",'context_length':52,'prediction_length':16,'expansion_factor':3,"
                + "'multi_scale':true," + FLATTEN + ",'mq_q50_type':'mean','mq_decoder_d_model':4,"
                + "'combine_quantiles_via_variance':true,'point_extra_weight':2,'trend_patch_length':13,"
                + "'trend_patch_stride':13,'trend_d_model':26,'trend_decoder_d_model':26,'trend_num_layers':10,"
                + "'trend_decoder_num_layers':2,'trend_register_tokens':1,'residual_context_length':52,"
                + "'patch_length':4,'patch_stride':4,'d_model':128,'decoder_d_model':64,'num_layers':10,"
                + "'decoder_num_layers':4,'register_tokens':2");
        assertEquals(70_873, config.trendForecaster().parameterCount());
        assertEquals(1_382_723, config.residualForecaster().parameterCount());
        assertEquals(1_453_596, config.parameterCount());
        assertEquals(8, config.trendForecaster().numPatches());
        assertEquals(25, config.residualForecaster().numPatches());
        TtmModel model = new TtmModel(config);
        assertEquals(466, model.parameters().size());
        assertEquals(1_453_596, model.parameterCount(false));
        assertEquals("[3200]",
                model.parameters().get("residual_forecaster.backbone.encoder.base_norm.weight").shape().toString());
        assertEquals("[1, 1, 3]",
                model.parameters().get("residual_forecaster.multi_quantile_head_block.dw.weight").shape().toString());
    }

    /** The training example of the reference, with nine quantile levels and with five. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {" | 5149124",
            ",'quantile_levels':[0.1,0.3,0.5,0.7,0.9] | 5148988"})
    void countsOfTheLongDecomposedShape(String levels, long parameters) throws Exception {
        TtmConfig config = config(DECOMPOSED + ",'context_length':512,'prediction_length':48,'expansion_factor':3,"
                + "'multi_scale':true," + FLATTEN + ",'mq_q50_type':'mean','mq_decoder_d_model':8,"
                + "'patch_length':32,'patch_stride':32,'d_model':192,'decoder_d_model':64,'num_layers':8,"
                + "'adaptive_patching_levels':3,'decoder_num_layers':2,'register_tokens':2,'trend_patch_length':64,"
                + "'trend_patch_stride':64,'trend_d_model':96,'trend_decoder_d_model':96,'trend_num_layers':5,"
                + "'trend_decoder_num_layers':2,'trend_register_tokens':2" + (levels == null ? "" : levels));
        assertEquals(parameters, config.parameterCount());
        assertEquals(17, config.trendForecaster().numPatches());
        assertEquals(33, config.residualForecaster().numPatches());
    }

    /** In models of earlier generations all others of the input are forecast; the reference takes those of C. */
    @Test
    void exogenousChannelsAloneLeaveTheOthersOfTheConfiguration() throws Exception {
        TtmConfig config = config("'num_input_channels':3,'exogenous_channel_indices':[1],'register_tokens':1");
        assertArrayEquals(new int[]{0, 2}, config.predictionChannels(5));
        assertEquals(3, config.leastChannels());
        TtmConfig decomposed = config(DECOMPOSED + ",'num_input_channels':3,'exogenous_channel_indices':[1]");
        assertArrayEquals(new int[]{0, 2}, decomposed.trendForecaster().predictionChannels(5));
    }

    /** Where no weight is shaped by C, it does not bound the channels: data may have more. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
            "'register_tokens':1,'prediction_channel_indices':[2] | 3",
            "'register_tokens':1,'exogenous_channel_indices':[3] | 4",
            "'gate_mode':'glu','prediction_channel_indices':[0],'exogenous_channel_indices':[1,2] | 3",
            "'fft_length':2,'prediction_channel_indices':[1048575] | 1048576",
            DECOMPOSED + ",'prediction_channel_indices':[2] | 3",
            DECOMPOSED + ",'trend_register_tokens':1,'prediction_channel_indices':[0],"
                    + "'exogenous_channel_indices':[4] | 5"})
    void channelsMayLieBeyondANumberThatSizesNothing(String json, int least) throws Exception {
        TtmConfig config = config(json);
        assertEquals(1, config.numInputChannels());
        assertEquals(1, config.forecastChannelCount());
        assertEquals(least, config.leastChannels());
        assertEquals(config, TtmConfig.fromJson(config.toJson()));
    }
}
