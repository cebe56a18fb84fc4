-- Guarantees one verdict for each record that shares an identifier with an erased person and is not erased itself. A record that began
-- after the erasure, and a consent given after it, are those of somebody who came back.
with

{{ imports({
    'disputed_identifiers': 'int_identity__disputed_identifiers',
    'fuzzy_edges': 'int_identity__fuzzy_edges',
    'erased_keys': 'int_identity__erased_keys',
    'erased_records': 'int_identity__erased_records',
    'records': 'int_identity__records',
}) }}

shared as (

    select
        identifiers.record_id,
        identifiers.identifier_type,
        erased_keys.erased_at

    from {{ ref('crm_segmentation', 'int_identity__identifiers') }} as identifiers

    inner join erased_keys
        on
            identifiers.identifier_type = erased_keys.identifier_type
            and {{ remembered_key('identifiers.identifier_key') }} = erased_keys.identifier_key

    left join disputed_identifiers
        on
            identifiers.identifier_type = disputed_identifiers.identifier_type
            and identifiers.identifier_key = disputed_identifiers.identifier_key

    where identifiers.blocked_reason is null and disputed_identifiers.identifier_key is null
    {%- for one, other in [('a', 'b'), ('b', 'a')] %}

    union all

    select
        fuzzy_edges.record_id_{{ one }} as record_id,
        'fuzzy' as identifier_type,
        erased_records.erased_at

    from fuzzy_edges

    inner join erased_records on fuzzy_edges.record_id_{{ other }} = erased_records.record_id
    {%- endfor %}

),

linked as (

    select
        shared.record_id,
        {{ text_list('shared.identifier_type') }} as identifier_types,
        max(shared.erased_at) as erased_at

    from shared

    left join erased_records on shared.record_id = erased_records.record_id
    where erased_records.record_id is null

    group by shared.record_id

),

later_consents as (

    select distinct consents.record_id

    from {{ ref('crm_segmentation', 'stg_people__consents') }} as consents

    inner join linked on consents.record_id = linked.record_id

    where consents.consent_status = 'granted' and consents.occurred_at > linked.erased_at

),

erasure_reviews as (

    select
        linked.record_id,
        linked.identifier_types,
        linked.erased_at,
        case
            when decisions.decision = 'release' then 'released'
            when records.first_seen_at > linked.erased_at and later_consents.record_id is not null then 'came_back'
            else 'held_back'
        end as verdict

    from linked

    inner join records on linked.record_id = records.record_id

    left join later_consents on linked.record_id = later_consents.record_id

    left join {{ ref('crm_segmentation', 'erasure_decisions') }} as decisions
        on linked.record_id = decisions.record_id and decisions.decided_on <= {{ as_of_date() }}

)

select * from erasure_reviews
