with

certain_edges as (

    select * from {{ ref('int_identity__certain_edges') }}

),

shared_identifiers as (

    select * from {{ ref('int_identity__shared_identifiers') }}

),

disputed_identifiers as (

    select * from {{ ref('int_identity__disputed_identifiers') }}

),

chains as (

    select * from {{ ref('int_identity__chains') }}

),

disputed_chains as (

    select * from {{ ref('int_identity__disputed_chains') }}

),

undisputed as (

    select
        shared_identifiers.record_number,
        shared_identifiers.identifier_type,
        shared_identifiers.strength,
        min(shared_identifiers.record_number) over (
            partition by shared_identifiers.identifier_type, shared_identifiers.identifier_key
        ) as first_record_number

    from shared_identifiers

    inner join chains on shared_identifiers.person_number = chains.node

    left join disputed_chains on chains.component = disputed_chains.component

    left join disputed_identifiers
        on
            shared_identifiers.identifier_type = disputed_identifiers.identifier_type
            and shared_identifiers.identifier_key = disputed_identifiers.identifier_key

    where disputed_chains.component is null and disputed_identifiers.identifier_key is null

),

all_edges as (

    select * from certain_edges

    union all

    select
        first_record_number as node_a,
        record_number as node_b,
        identifier_type as link_type,
        strength,
        cast(null as numeric(5, 4)) as match_score

    from undisputed

    where first_record_number != record_number

),

ranked as (

    select
        *,
        row_number() over (partition by node_a, node_b order by strength asc, link_type asc) as link_rank

    from all_edges

),

edges as (

    select
        node_a,
        node_b,
        link_type,
        strength,
        match_score

    from ranked

    where link_rank = 1

)

select * from edges
