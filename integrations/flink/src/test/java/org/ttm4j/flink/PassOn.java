package org.ttm4j.flink;

import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.ArgumentTrait;
import org.apache.flink.table.functions.ProcessTableFunction;
import org.apache.flink.types.Row;

/** Passes the value of every reading on: what Flink does by itself, where the forecast is its own. Public for Flink. */
public final class PassOn extends ProcessTableFunction<Float> {
    private static final long serialVersionUID = 1;

    /** Called by Flink for each row. */
    public void eval(@ArgumentHint({ArgumentTrait.SET_SEMANTIC_TABLE, ArgumentTrait.REQUIRE_ON_TIME}) Row series) {
        collect(series.getFieldAs("v"));
    }
}
