-- Guarantees one row per value that joins nobody, with its reason, and shows none of an erased person.
with

{{ imports({
    'identifiers': 'int_identity__identifiers',
    'disputed_identifiers': 'int_identity__disputed_identifiers',
    'contacts': 'stg_people__contacts',
    'other_identifiers': 'int_identity__judged_identifiers',
    'records': 'int_identity__records',
    'erased_records': 'int_identity__erased_records',
}) }}

blocked as (

    select
        identifiers.record_id,
        identifiers.identifier_type,
        identifiers.identifier_key,
        identifiers.record_count,
        coalesce(
            identifiers.blocked_reason, 'holders_disagree_on_' || replace(disputed_identifiers.disputed_attribute, '+', '_and_')
        ) as reason

    from identifiers

    left join disputed_identifiers
        on
            identifiers.identifier_type = disputed_identifiers.identifier_type
            and identifiers.identifier_key = disputed_identifiers.identifier_key

    where identifiers.blocked_reason is not null or disputed_identifiers.identifier_key is not null

),

-- As the records show it; an erased person's records show nothing.
shown as (

    select
        blocked.identifier_type,
        blocked.identifier_key,
        blocked.record_count,
        blocked.reason,
        case
            when erased_records.record_id is not null then null
            when blocked.identifier_type = 'email' and blocked.identifier_key = records.email_key then contacts.email
            when blocked.identifier_type = 'phone' and blocked.identifier_key = records.phone_line_key then contacts.phone_line
            when blocked.identifier_type = 'phone_and_birth_date' then contacts.phone_line
            else other_identifiers.identifier_value
        end as identifier_value

    from blocked

    left join erased_records on blocked.record_id = erased_records.record_id

    left join contacts on blocked.record_id = contacts.record_id

    left join records on blocked.record_id = records.record_id

    left join other_identifiers
        on
            blocked.record_id = other_identifiers.record_id
            and blocked.identifier_type = other_identifiers.identifier_type
            and blocked.identifier_key = other_identifiers.identifier_key

),

identity_blocked_identifiers as (

    select
        cast({{ hashed_key(['identifier_type', 'identifier_key']) }} as {{ dbt.type_string() }}) as blocked_identifier_id,
        cast(identifier_type as {{ dbt.type_string() }}) as identifier_type,
        cast(min({{ by_code_point("identifier_value") }}) as {{ dbt.type_string() }}) as identifier_value,
        cast(max(record_count) as {{ dbt.type_int() }}) as record_count,
        cast(min(reason) as {{ dbt.type_string() }}) as reason

    from shown

    group by identifier_type, identifier_key

)

select * from identity_blocked_identifiers
