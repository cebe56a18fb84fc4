with

identifiers as (

    select * from {{ ref('int_identity__identifiers') }}
    where blocked_reason is null and identifier_type in ('email', 'phone')

),

contact_records as (

    select * from {{ ref('contact_records') }}

),

erased_keys as (

    select * from {{ ref('int_identity__erased_keys') }}

),

holders as (

    select
        identifiers.identifier_type,
        identifiers.identifier_key,
        contact_records.contact_id,
        contact_records.first_seen_at,
        erased_keys.identifier_key is not null and not contact_records.is_erased as is_of_an_erased_person_too,
        rank() over (
            partition by identifiers.identifier_type, identifiers.identifier_key
            order by case when contact_records.is_erased then 1 else 0 end asc
        ) as holder_rank

    from identifiers

    inner join contact_records on identifiers.record_id = contact_records.record_id

    left join erased_keys
        on
            identifiers.identifier_type = erased_keys.identifier_type
            and {{ remembered_key('identifiers.identifier_key') }} = erased_keys.identifier_key

),

-- A value that several contacts show, because they disagree on who they are, has no owner. What was said under it before its
-- owner began is an erased person's, if that person had it too.
owners as (

    select
        identifier_type,
        identifier_key,
        min(contact_id) as contact_id,
        case when max(case when is_of_an_erased_person_too then 1 else 0 end) = 1 then min(first_seen_at) end as owned_since

    from holders

    where holder_rank = 1

    group by identifier_type, identifier_key

    having min(contact_id) = max(contact_id)

)

select * from owners
