-- Guarantees that a value which several contacts show, because they disagree on who they are, has no owner. What was said under it before
-- its owner began is an erased person's, if that person had it too.
with

{{ imports({
    'contact_records': 'contact_records',
    'known_records': 'int_contacts__known_records',
    'erased_keys': 'int_identity__erased_keys',
}) }}

identifiers as (

    select * from {{ ref('crm_segmentation', 'int_identity__identifiers') }}
    where identifier_type in ('email', 'phone')

),

past_identifiers as (

    select * from {{ ref('crm_segmentation', 'int_identity__past_identifiers') }}
    where known_on <= {{ as_of_date() }}

),

-- The records that show a value now or, where none does any more, those that once did.
holders as (

    select
        identifiers.identifier_type,
        identifiers.identifier_key,
        contact_records.contact_id,
        contact_records.first_seen_at,
        contact_records.is_erased

    from identifiers

    inner join contact_records on identifiers.record_id = contact_records.record_id

    where identifiers.blocked_reason is null

    union all

    select
        past_identifiers.identifier_type,
        past_identifiers.identifier_key,
        known_records.contact_id,
        known_records.first_seen_at,
        false as is_erased

    from past_identifiers

    inner join known_records on past_identifiers.record_id = known_records.record_id

    left join identifiers
        on
            past_identifiers.identifier_type = identifiers.identifier_type
            and past_identifiers.identifier_key = identifiers.identifier_key

    where identifiers.record_id is null

),

ranked as (

    select
        holders.*,
        erased_keys.identifier_key is not null and not holders.is_erased as is_of_an_erased_person_too,
        rank() over (
            partition by holders.identifier_type, holders.identifier_key
            order by case when holders.is_erased then 1 else 0 end asc
        ) as holder_rank

    from holders

    left join erased_keys
        on
            holders.identifier_type = erased_keys.identifier_type
            and {{ remembered_key('holders.identifier_key') }} = erased_keys.identifier_key

),

owners as (

    select
        identifier_type,
        identifier_key,
        min(contact_id) as contact_id,
        case when max(case when is_of_an_erased_person_too then 1 else 0 end) = 1 then min(first_seen_at) end as owned_since

    from ranked

    where holder_rank = 1

    group by identifier_type, identifier_key

    having min(contact_id) = max(contact_id)

)

select * from owners
