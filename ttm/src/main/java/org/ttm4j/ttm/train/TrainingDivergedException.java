package org.ttm4j.ttm.train;

/** Training that leads nowhere, mostly since a loss or a gradient is not finite: the learning rate is too high, or the data wild. */
public final class TrainingDivergedException extends ArithmeticException {
    private static final long serialVersionUID = 1L;

    /** {@code what} completes "training diverged: ". */
    public TrainingDivergedException(String what) {
        super("training diverged: " + what + "; choose a lower learning rate");
    }

    TrainingDivergedException(long step, double loss, double gradientNorm) {
        super("training diverged at step " + step + ": loss " + loss + ", gradient norm " + gradientNorm
                + "; choose a lower learning rate");
    }
}
