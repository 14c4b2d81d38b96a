package org.ttm4j.bench;

/**
 * The matrix products in the published 512-96 model: rows × inner by inner × columns, for one series. Products over features
 * are y = x·Wᵀ, and a number of series multiplies their rows; products over patches are y = W·x, one block a series. Names give
 * the width of the mixer layer.
 */
public enum Product {
    FEATURES_PATCHER(8, 64, 192), //
    FEATURES_D48_FC1(32, 48, 96), //
    FEATURES_D48_FC2(32, 96, 48), //
    FEATURES_D48_GATE(32, 48, 48), //
    FEATURES_D96_FC1(16, 96, 192), //
    FEATURES_D96_FC2(16, 192, 96), //
    FEATURES_D96_GATE(16, 96, 96), //
    FEATURES_D192_FC1(8, 192, 384), //
    FEATURES_D192_FC2(8, 384, 192), //
    FEATURES_D192_GATE(8, 192, 192), //
    FEATURES_ADAPTER(8, 192, 128), //
    FEATURES_D128_FC1(8, 128, 256), //
    FEATURES_D128_FC2(8, 256, 128), //
    FEATURES_D128_GATE(8, 128, 128), //
    FEATURES_HEAD(1, 1024, 96), //
    PATCHES_D48_FC1(64, 32, 48), //
    PATCHES_D48_FC2(32, 64, 48), //
    PATCHES_D48_GATE(32, 32, 48), //
    PATCHES_D96_FC1(32, 16, 96), //
    PATCHES_D96_FC2(16, 32, 96), //
    PATCHES_D96_GATE(16, 16, 96), //
    PATCHES_D192_FC1(16, 8, 192), //
    PATCHES_D192_FC2(8, 16, 192), //
    PATCHES_D192_GATE(8, 8, 192), //
    PATCHES_D128_FC1(16, 8, 128), //
    PATCHES_D128_FC2(8, 16, 128), //
    PATCHES_D128_GATE(8, 8, 128);

    /** Rows of the result for one series. */
    public final int rows;
    /** Columns of the first factor and rows of the second. */
    public final int inner;
    /** Columns of the result. */
    public final int columns;

    Product(int rows, int inner, int columns) {
        this.rows = rows;
        this.inner = inner;
        this.columns = columns;
    }

    /** Whether the weight is the first factor. */
    public boolean isOverPatches() {
        return name().startsWith("PATCHES");
    }

    /** Floating-point operations for one series; forward, dx and dW all take as many. */
    public long flops() {
        return 2L * rows * inner * columns;
    }
}
