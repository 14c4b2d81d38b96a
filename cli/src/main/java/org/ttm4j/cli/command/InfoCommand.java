package org.ttm4j.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ttm4j.cli.columns.ColumnRoles;
import org.ttm4j.cli.columns.Models;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.engine.KernelSelection;
import org.ttm4j.ttm.BundledModels;
import org.ttm4j.ttm.config.GateConfig;
import org.ttm4j.ttm.config.TokenConfig;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.train.Channels;

/** {@code ttm info}: which models there are, what a model is, and what would compute it here. */
public final class InfoCommand extends Command {

    public InfoCommand() {
        super("info", "[NAME|DIR]", "list the bundled models, or say what a model is; and which kernels run here", "");
    }

    @Override
    public List<Option> options() {
        return List.of(new Option("--model", "NAME|DIR", "the same as the operand"));
    }

    @Override
    public int run(Arguments arguments, Console console) throws IOException {
        String operand = arguments.optionalOperand();
        String name = arguments.text(Option.MODEL.name());
        if (operand != null && name != null) {
            throw new UsageException("expected one model, found --model beside " + Printable.of(operand));
        }
        if (name == null) name = operand;
        PrintStream out = console.out();
        if (Models.isBundled(name)) {
            list(out);
        } else {
            describe(out, Models.checkpoint(name, console), Models.sha256(name, console),
                    Models.channels(name, console));
        }
        line(out, "kernels", KernelSelection.reason());
        line(out, "java", System.getProperty("java.version") + ", " + System.getProperty("java.vm.name") + ", "
                + System.getProperty("os.arch") + ", " + Runtime.getRuntime().availableProcessors() + " CPUs");
        return Command.OK;
    }

    private static void list(PrintStream out) throws IOException {
        out.println("name      context  horizon  parameters  resolutions    size  sha-256");
        for (String name : BundledModels.names()) {
            Checkpoint checkpoint = BundledModels.checkpoint(name);
            TtmConfig config = checkpoint.config();
            out.printf(Locale.ROOT, "%-8s  %7d  %7d  %,10d  %11s  %3.1f MB  %s%n", name, config.contextLength(),
                    config.outputLength(), config.parameterCount(),
                    config.resolutionPrefixTuning() ? config.frequencyTokenVocabSize() : "-",
                    checkpoint.weightBytes() / 1e6, BundledModels.sha256(name));
        }
    }

    private static void describe(PrintStream out, Checkpoint checkpoint, String sha256, Optional<Channels> columns)
            throws IOException {
        TtmModel model = TtmModel.of(checkpoint);
        line(out, "model", checkpoint.source());
        line(out, "sha-256", sha256);
        long all = model.parameterCount(false);
        model.freezeBackbone(true);
        line(out, "parameters", String.format(Locale.ROOT, "%,d (%,d trainable with the backbone frozen)", all,
                model.parameterCount(true)));
        describe(out, checkpoint.config());
        columns.ifPresent(known -> line(out, "columns", columns(known)));
    }

    private static String columns(Channels channels) {
        List<String> roles = new ArrayList<>();
        for (Channels.Role role : Channels.Role.values()) {
            List<Channels.Channel> those = channels.of(role);
            if (those.isEmpty() || role == Channels.Role.IGNORED) continue;
            roles.add(ColumnRoles.option(role).substring(2) + " "
                    + those.stream()
                            .map(channel -> Printable.shortened(channel.name()))
                            .collect(Collectors.joining(", ")));
        }
        return String.join("; ", roles);
    }

    private static void describe(PrintStream out, TtmConfig config) {
        if (config.decomposed()) {
            line(out, "parts", "a forecaster of the trend and one of the residual"
                    + (config.decomposition().combineQuantilesViaVariance() ? "; quantiles add up by variance" : ""));
            out.println("trend:");
            describeForecaster(out, config.trendForecaster());
            out.println("residual:");
            describeForecaster(out, config.residualForecaster());
            out.println("both:");
        } else {
            describeForecaster(out, config);
        }
        line(out, "mixers",
                "expansion " + config.expansionFactor() + (config.gatedAttn() ? ", gated" : "")
                        + (config.gate().mode() == GateConfig.Mode.SOFTMAX ? "" : " by " + lower(config.gate().mode()))
                        + (config.selfAttn() ? ", self-attention with " + config.selfAttnHeads() + " heads" : "") + ", "
                        + lower(config.normMlp()) + " norm");
        line(out, "scaling", lower(config.scaling()));
        line(out, "channels", channels(config));
        boolean quantiles = config.quantileHead().enabled();
        if (quantiles) {
            line(out, "quantiles",
                    config.quantileHead().levels().stream().map(String::valueOf).collect(Collectors.joining(", ")));
        }
        line(out, "loss", quantiles ? "quantiles" : lower(config.loss()));
    }

    private static void describeForecaster(PrintStream out, TtmConfig config) {
        line(out, "context",
                config.contextLength() + " steps in " + config.numPatchesWithoutPrefix() + " patches of "
                        + config.patchLength() + ", stride " + config.patchStride()
                        + (config.resolutionPrefixTuning()
                                ? ", led by a resolution token (" + config.frequencyTokenVocabSize() + " known)"
                                : ""));
        if (config.isThirdGeneration()) line(out, "tokens", tokens(config));
        line(out, "horizon",
                config.outputLength() + " steps"
                        + (config.outputLength() < config.predictionLength() ? " of " + config.predictionLength() : "")
                        + (config.maskedPrediction() ? ", masked prediction" : ""));
        line(out, "backbone",
                stack(config.numLayers(), config.dModel(), config.adaptivePatchingLevels(), config.mode()));
        line(out, "decoder",
                !config.useDecoder()
                        ? "none"
                        : stack(config.decoderNumLayers(), config.decoderDModel(),
                                config.decoderAdaptivePatchingLevels(), config.decoderMode()));
    }

    private static String tokens(TtmConfig config) {
        TokenConfig tokens = config.tokens();
        int patches = config.numPatchesWithoutPrefix();
        return config.numPatches() + " in all"
                + (tokens.scales(patches) > 1 ? ", patches at " + tokens.scales(patches) + " scales" : "")
                + (tokens.registerTokens() > 0 ? ", " + tokens.registerTokens() + " registers" : "")
                + (tokens.fftLength() > 0
                        ? ", " + tokens.frequencyTokens(config) + " of " + tokens.frequencyCount(config)
                                + " frequencies"
                        : "");
    }

    private static String stack(int layers, int width, int levels, TtmConfig.Mode mode) {
        return (levels > 0 ? levels + " levels × " : "") + layers + (layers == 1 ? " layer" : " layers") + ", width "
                + width + (mode == TtmConfig.Mode.MIX_CHANNEL ? ", channels mixed" : "");
    }

    private static String channels(TtmConfig config) {
        if (!config.mixesChannels()) {
            int least = config.leastChannels();
            return (least == 1 ? "any number" : least + " or more") + ", each on its own";
        }
        int categories = config.categoricalVocabSizeList().size();
        return config.numInputChannels() + " in, " + config.forecastChannelCount() + " forecast"
                + (config.usesExogenous() ? ", known future of " + config.exogenousChannelIndices() : "")
                + (categories > 0 ? ", " + categories + " static categories" : "");
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static void line(PrintStream out, String label, String value) {
        out.printf(Locale.ROOT, "%-10s  %s%n", label, value);
    }
}
