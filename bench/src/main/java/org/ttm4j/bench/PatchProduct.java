package org.ttm4j.bench;

/**
 * The products over patches in the published 512-96 model: y = W·x with W: out × in and x: in × width, one block a
 * series. Names give the width of the mixer layer.
 */
public enum PatchProduct {
    D48_FC1(32, 64, 48), //
    D48_FC2(64, 32, 48), //
    D48_GATE(32, 32, 48), //
    D96_FC1(16, 32, 96), //
    D96_FC2(32, 16, 96), //
    D96_GATE(16, 16, 96), //
    D192_FC1(8, 16, 192), //
    D192_FC2(16, 8, 192), //
    D192_GATE(8, 8, 192), //
    D128_FC1(8, 16, 128), //
    D128_FC2(16, 8, 128), //
    D128_GATE(8, 8, 128);

    /** Every shape occurs in two layers. */
    public static final int LAYERS = 2;

    private final int in;
    private final int out;
    private final int width;

    PatchProduct(int in, int out, int width) {
        this.in = in;
        this.out = out;
        this.width = width;
    }

    public int in() {
        return in;
    }

    public int out() {
        return out;
    }

    public int width() {
        return width;
    }

    /** Floating-point operations for one series; forward, dx and dW all take as many. */
    public long flops() {
        return 2L * in * out * width;
    }
}
