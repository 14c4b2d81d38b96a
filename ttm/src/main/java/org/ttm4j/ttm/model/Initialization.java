package org.ttm4j.ttm.model;

import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.nn.Convolution;
import org.ttm4j.autograd.nn.Embedding;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.nn.Linear;
import org.ttm4j.ttm.config.TtmConfig;

/** Draws the weights of a new model according to {@code init_linear}, {@code init_embed} and {@code init_std}. */
public final class Initialization {
    private Initialization() {}

    /** Draws all weights; the same seed gives the same weights. Norms keep their ones and zeros. */
    public static void apply(Layer model, TtmConfig config, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        DoubleSupplier normal = random::nextGaussian;
        model.layers().values().forEach(layer -> {
            if (layer instanceof Linear one) linear(one, config, random);
            if (layer instanceof Embedding one) draw(one.weight(), config.initEmbed(), config, random, normal);
            if (layer instanceof Convolution one) convolution(one, config, random);
            if (layer instanceof RegisterTokens one) one.tokens.fill(normal);
            if (layer instanceof PositionalEncoding one && one.encoding.kind() == Parameter.Kind.TRAINED) {
                one.encoding.fill(() -> 0.1 * random.nextGaussian());
            }
        });
    }

    private static void linear(Linear linear, TtmConfig config, RandomGenerator random) {
        // PyTorch's default is uniform in ±1/√in for weight and bias. With the other methods the bias is zero.
        double bound = 1 / Math.sqrt(linear.weight().shape().dim(1));
        DoubleSupplier pytorch = () -> random.nextDouble(-bound, bound);
        draw(linear.weight(), config.initLinear(), config, random, pytorch);
        linear.bias().fill(config.initLinear() == TtmConfig.Init.PYTORCH ? pytorch : () -> 0);
    }

    private static void convolution(Convolution convolution, TtmConfig config, RandomGenerator random) {
        int kernel = convolution.weight().shape().dim(2);
        double bound = 1 / Math.sqrt(convolution.weight().shape().dim(1) * kernel);
        DoubleSupplier pytorch = () -> random.nextDouble(-bound, bound);
        convolution.weight().fill(config.postInit() ? () -> 1.0 / kernel : pytorch);
        convolution.bias().fill(pytorch);
    }

    private static void draw(Parameter weight, TtmConfig.Init init, TtmConfig config, RandomGenerator random,
            DoubleSupplier pytorch) {
        double glorot = Math.sqrt(6.0 / (weight.shape().dim(0) + weight.shape().dim(1)));
        if (init == TtmConfig.Init.NORMAL) weight.fill(() -> config.initStd() * random.nextGaussian());
        else if (init == TtmConfig.Init.UNIFORM) weight.fill(random::nextDouble);
        else if (init == TtmConfig.Init.XAVIER_UNIFORM) weight.fill(() -> random.nextDouble(-glorot, glorot));
        else weight.fill(pytorch);
    }
}
