package dev.ganymede.gateway;

/** Outcome of {@link AllocationRepository#allocate}. */
public sealed interface AllocateResult {

    /** A gateway was taken from the pool and the tenancy begins. */
    record Taken(Allocation allocation) implements AllocateResult {}

    /** The organization has a live allocation, which is joined. */
    record Joined(Allocation allocation) implements AllocateResult {}

    /** No gateway is ready. */
    record NoneReady() implements AllocateResult {}

    /** There is no such organization. */
    record UnknownOrganization() implements AllocateResult {}
}
