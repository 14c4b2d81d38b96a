/** One operation a file: its formula, its forward and its backward. */
package org.ttm4j.autograd.op;
