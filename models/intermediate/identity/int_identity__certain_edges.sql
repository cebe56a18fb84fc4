-- Guarantees edges that join the same records as all pairs would, in as many rows as there are holders: a value that a
-- thousand records share would make half a million pairs.
with

identifiers as (

    select * from {{ ref('crm_segmentation', 'int_identity__identifiers') }}
    where blocked_reason is null and guard_round = 0

),

fuzzy_edges as (

    select * from {{ ref('crm_segmentation', 'int_identity__fuzzy_edges') }}

),

records as (

    select * from {{ ref('crm_segmentation', 'int_identity__records') }}

),

-- The first record to show a value stands for all that share it: n records need n - 1 edges.
first_holders as (

    select
        record_number,
        identifier_type,
        strength,
        min(record_number) over (partition by identifier_type, identifier_key) as first_record_number

    from identifiers

),

shared_identifiers as (

    select distinct
        first_record_number as node_a,
        record_number as node_b,
        identifier_type as link_type,
        strength,
        cast(null as numeric(5, 4)) as match_score

    from first_holders

    where first_record_number != record_number

),

fuzzy_matches as (

    select
        {{ least_of(['records_a.record_number', 'records_b.record_number']) }} as node_a,
        {{ greatest_of(['records_a.record_number', 'records_b.record_number']) }} as node_b,
        'fuzzy' as link_type,
        9 as strength,
        cast(fuzzy_edges.match_probability as numeric(5, 4)) as match_score

    from fuzzy_edges

    inner join records as records_a on fuzzy_edges.record_id_a = records_a.record_id

    inner join records as records_b on fuzzy_edges.record_id_b = records_b.record_id

),

certain_edges as (

    select * from shared_identifiers

    union all

    select * from fuzzy_matches

)

select * from certain_edges
