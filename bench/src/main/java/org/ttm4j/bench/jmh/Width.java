package org.ttm4j.bench.jmh;

/** The patches × features of a mixer layer in the published 512-96 model. */
public enum Width {
    D48(32, 48), //
    D96(16, 96), //
    D192(8, 192), //
    D128(8, 128);

    /** Rows of a series. */
    final int patches;
    final int features;

    Width(int patches, int features) {
        this.patches = patches;
        this.features = features;
    }
}
