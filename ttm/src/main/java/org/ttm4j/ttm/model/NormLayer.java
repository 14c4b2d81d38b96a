package org.ttm4j.ttm.model;

import java.util.function.UnaryOperator;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.BatchNorm;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.nn.LayerNorm;
import org.ttm4j.ttm.config.TtmConfig;

/** The normalisation before every block, over features. Key: {@code norm}, or {@code norm.batchnorm}. */
final class NormLayer extends Layer {
    private final UnaryOperator<Tensor> norm;

    NormLayer(TtmConfig config, int d) {
        float eps = (float) config.normEps();
        norm = config.normMlp() == TtmConfig.Norm.BATCH
                ? child("norm.batchnorm", new BatchNorm(d, eps))::forward
                : child("norm", new LayerNorm(d, eps))::forward;
    }

    Tensor forward(Tensor x) {
        return norm.apply(x);
    }
}
