/**
 * Every kernel as the plainest loop that states its formula. Read this package first; the tests of the fast kernels
 * compare with it. The formulas are in {@link org.ttm4j.engine.reference.ReferenceMatMul} and its neighbours, one class
 * for each family; layouts and aliasing rules are in the interfaces that they implement. Sums and functions are in
 * double and rounded to float once, when they are stored. {@code -Dttm4j.kernels=reference} runs a whole program on
 * these kernels, tens of times slower than on the vector kernels.
 */
package org.ttm4j.engine.reference;
