package org.ttm4j.cli;

import java.io.IOException;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.TtmModel;
import org.ttm4j.ttm.io.Checkpoint;

/** The checkpoint that a command line names. */
final class Models {
    private Models() {}

    /** The checkpoint in a folder, or the bundled one where the name is null. */
    static Checkpoint checkpoint(String folder, Console console) throws UsageException, IOException {
        return folder == null ? Forecaster.bundledCheckpoint() : Checkpoint.read(console.path(folder));
    }

    /** The forecaster of {@link Option#MODEL}. */
    static Forecaster forecaster(Arguments arguments, Console console) throws UsageException, IOException {
        return Forecaster.of(TtmModel.of(checkpoint(arguments.text(Option.MODEL.name()), console)));
    }
}
