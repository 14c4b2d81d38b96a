package org.ttm4j.ttm.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.ttm4j.ttm.Channels;
import org.ttm4j.ttm.TtmModel;
import org.ttm4j.ttm.io.DType;

/**
 * A fine-tuned model and how it was made.
 *
 * @param initialized parameters that the pre-trained model did not have
 * @param learningRate the peak rate, given or found
 * @param epochs from 0, the model before training
 * @param share of the way from the pre-trained weights to those of the best epoch
 */
public record FineTuned(TtmModel model, Channels channels, FineTuningOptions options, List<String> initialized,
        double learningRate, List<FineTuning.Epoch> epochs, double share) {

    /** Writes a checkpoint folder. */
    public void save(Path folder) throws IOException {
        model.save(folder, DType.F32);
        channels.write(folder);
    }
}
