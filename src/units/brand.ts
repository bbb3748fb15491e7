declare const brand: unique symbol;

/** A `T` that has passed the check its name stands for, so that two kinds of string or number can't be swapped. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
