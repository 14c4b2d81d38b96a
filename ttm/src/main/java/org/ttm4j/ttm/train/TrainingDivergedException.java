package org.ttm4j.ttm.train;

/** Training diverged, usually to an infinite loss: the learning rate is too high, or the data has extreme values. */
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
