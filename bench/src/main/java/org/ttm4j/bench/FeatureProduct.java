package org.ttm4j.bench;

/**
 * The products over features in the published 512-96 model: y = x·Wᵀ with x: rows × in and W: out × in. Names give the
 * width of the mixer layer; a number of series multiplies the rows.
 */
public enum FeatureProduct {
    PATCHER(8, 64, 192, 1), //
    D48_FC1(32, 48, 96, 2), //
    D48_FC2(32, 96, 48, 2), //
    D48_GATE(32, 48, 48, 2), //
    D96_FC1(16, 96, 192, 2), //
    D96_FC2(16, 192, 96, 2), //
    D96_GATE(16, 96, 96, 2), //
    D192_FC1(8, 192, 384, 2), //
    D192_FC2(8, 384, 192, 2), //
    D192_GATE(8, 192, 192, 2), //
    ADAPTER(8, 192, 128, 1), //
    D128_FC1(8, 128, 256, 2), //
    D128_FC2(8, 256, 128, 2), //
    D128_GATE(8, 128, 128, 2), //
    HEAD(1, 1024, 96, 1);

    private final int rows;
    private final int in;
    private final int out;
    private final int layers;

    FeatureProduct(int rows, int in, int out, int layers) {
        this.rows = rows;
        this.in = in;
        this.out = out;
        this.layers = layers;
    }

    /** Rows of x for one series. */
    public int rows() {
        return rows;
    }

    public int in() {
        return in;
    }

    public int out() {
        return out;
    }

    /** How many layers of the model have this shape. */
    public int layers() {
        return layers;
    }

    /** Floating-point operations for one series; forward, dx and dW all take as many. */
    public long flops() {
        return 2L * rows * in * out;
    }
}
