-- Guarantees one link per pair of records, the strongest: certain ones, and those by values that nobody's difference disputes.
with

{{ imports({
    'certain_edges': 'int_identity__certain_edges',
    'personal_identifiers': 'int_identity__personal_identifiers',
    'disputed_personal_identifiers': 'int_identity__disputed_personal_identifiers',
    'personal_chains': 'int_identity__personal_chains',
    'disputed_personal_chains': 'int_identity__disputed_personal_chains',
    'shared_identifiers': 'int_identity__shared_identifiers',
    'disputed_identifiers': 'int_identity__disputed_identifiers',
    'chains': 'int_identity__chains',
    'disputed_chains': 'int_identity__disputed_chains',
}) }}

identifiers as (

    select * from {{ ref('crm_segmentation', 'int_identity__identifiers') }}
    where blocked_reason is null and guard_round = 1

),

-- Who shares a mailbox and is one person anyway is joined by it all the same.
held_by_one_person as (

    select
        identifiers.record_number,
        identifiers.identifier_type,
        identifiers.strength,
        min(identifiers.record_number) over (
            partition by identifiers.identifier_type, identifiers.identifier_key
        ) as first_record_number

    from identifiers

    left join personal_identifiers
        on
            identifiers.record_number = personal_identifiers.record_number
            and identifiers.identifier_type = personal_identifiers.identifier_type
            and identifiers.identifier_key = personal_identifiers.identifier_key

    where personal_identifiers.record_number is null

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

    from held_by_one_person

    where first_record_number != record_number

    union all

    {{ undisputed_edges('personal_identifiers', 'disputed_personal_identifiers', 'personal_chains', 'disputed_personal_chains') }}

    union all

    {{ undisputed_edges('shared_identifiers', 'disputed_identifiers', 'chains', 'disputed_chains') }}

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
