package org.ttm4j.eval.page;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.ttm4j.ttm.BundledModels;
import org.ttm4j.ttm.config.GateConfig;
import org.ttm4j.ttm.config.QuantileHeadConfig;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.io.DType;
import org.ttm4j.ttm.io.Json;
import org.ttm4j.ttm.io.Safetensors;

/**
 * An HTML file in which the default bundled model runs. It shows every stage of the forward pass, and updates the
 * forecast when the user changes the history. It contains the weights, in half precision as they are bundled, and the
 * Java code that it shows, and makes no requests. The forward pass is {@code ttm.js} in the package of this class.
 * Stateless.
 */
public final class ModelPage {
    private static final String MIXER = "(patch|feature)_mixer\\.(norm\\.norm|mlp\\.fc[12]|gating_block\\.attn_layer)";
    /** The names of the tensors that ttm.js reads. */
    private static final Pattern UNDERSTOOD = Pattern.compile("backbone\\.encoder\\.(freq_mod\\.[013]|patcher"
            + "|mlp_mixer_encoder\\.mixers\\.\\d+\\.mixer_layers\\.\\d+\\." + MIXER
            + ")\\.(weight|bias)|decoder\\.(adapter|decoder_block\\.mixers\\.\\d+\\." + MIXER
            + ")\\.(weight|bias)|head\\.base_forecast_block\\.(weight|bias)"
            + "|multi_quantile_head_block\\.(dw|inorm|pw[12]|dec_tok_proj|dec_flat_to_hidden|dec_to_steps)\\.(weight|bias)");
    /** The texts that the page shows. The build copies these files to the resources of this package. */
    private static final List<String> SOURCES = List.of("docs/model.md", "examples/Ttm.java");
    /** The most series. More would make the file large and the list to choose from long. */
    private static final int MOST_SERIES = 24;

    private ModelPage() {}

    /**
     * The page with the series of a file.
     *
     * @param series to choose from, in addition to the page's own; at most 24 are used
     * @throws IOException when the bundled model cannot be read
     */
    public static String of(List<PageSeries> series) throws IOException {
        return html(series, false);
    }

    /** The page of the service, with a link to the studio. Throws as {@link #of}. */
    public static String ofService() throws IOException {
        return html(List.of(), true);
    }

    private static String html(List<PageSeries> series, boolean service) throws IOException {
        Checkpoint checkpoint = BundledModels.checkpoint(BundledModels.DEFAULT);
        TtmConfig config = checkpoint.config();
        requireUnderstood(checkpoint);
        Map<String, Object> data = Json.object("model", BundledModels.DEFAULT, "config", config.toJson(), "series",
                series.stream().limit(MOST_SERIES).map(one -> one.json(config)).toList(), "service", service);
        Map<String, Object> sources = new LinkedHashMap<>();
        for (String path : SOURCES)
            sources.put(path, Template.resource(ModelPage.class, path.substring(path.lastIndexOf('/') + 1)));
        return Template.filled("page.html", Map.of("data", Template.script(data), "sources", Template.script(sources),
                "weights", weights(checkpoint)));
    }

    /** Checks that ttm.js supports all parts of the bundled model. */
    private static void requireUnderstood(Checkpoint checkpoint) {
        TtmConfig config = checkpoint.config();
        String unknown = checkpoint.tensors()
                .keySet()
                .stream()
                .filter(name -> !UNDERSTOOD.matcher(name).matches())
                .findFirst()
                .orElse(null);
        if (unknown != null || config.scaling() != TtmConfig.Scaling.STD || config.usePositionalEncoding()
                || config.gate().mode() != GateConfig.Mode.SIGMOID || config.patchStride() != config.patchLength()
                || !isUnderstood(config.quantileHead())) {
            throw new IllegalStateException("the model " + BundledModels.DEFAULT + " has parts that ttm.js does not"
                    + (unknown == null ? "" : ", such as " + unknown) + ": add them there first");
        }
    }

    /** True if ttm.js supports the quantile head. The page draws bands between the given deciles. */
    private static boolean isUnderstood(QuantileHeadConfig head) {
        return head.enabled() && head.middle() == QuantileHeadConfig.Middle.MEAN && head.useDecoderPool()
                && head.path() == QuantileHeadConfig.Path.FLATTEN && head.mode() == QuantileHeadConfig.Mode.CONCAT
                && head.stepWidths() && head.levels().containsAll(List.of(0.1, 0.3, 0.7, 0.9));
    }

    private static String weights(Checkpoint checkpoint) throws IOException {
        checkpoint.tensors().forEach((name, tensor) -> {
            if (tensor.dtype() != DType.F16) {
                throw new IllegalStateException(name + " is " + tensor.dtype() + "; ttm.js reads F16");
            }
        });
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Safetensors.write(bytes, checkpoint.tensors(), Map.of());
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
