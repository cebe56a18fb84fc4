-- What erased people wrote is emptied before it is read.
-- depends_on: {{ ref('crm_segmentation', 'int_identity__erased_visitors') }}

with

rejected as (

    {%- for raw_table, model in models_with_raw_values().items() %}

    select
        '{{ raw_table }}' as raw_table,
        rejection_reason as reason,
        {{ raw_person_key(
            raw_table, ['source_system', 'source_contact_id'], hashed_key(['source_system', 'source_contact_id'])
        ) }} as record_id,
        {{ raw_person_key(raw_table, ['email'], identifier_key(matching_email(email_address('email')))) }} as email_key,
        {{ raw_person_key(raw_table, ['phone'], 'phone') }} as phone,
        {{ raw_values_json(raw_table) }} as raw_values

    from {{ model }}

    where rejection_reason is not null
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

erased_records as (

    select * from {{ ref('crm_segmentation', 'int_identity__erased_records') }}

),

erased_identifiers as (

    select * from {{ ref('crm_segmentation', 'int_identity__erased_identifiers') }}

),

phone_numbers as (

    select * from {{ ref('crm_segmentation', 'base_people__phone_numbers') }}

),

-- Read by any country: of two readings it does no harm to forget one too many.
erased_phones as (

    select distinct phone_numbers.phone

    from phone_numbers

    inner join erased_identifiers
        on
            erased_identifiers.identifier_type = 'phone'
            and {{ remembered_key(identifier_key('phone_numbers.phone_line')) }} = erased_identifiers.identifier_key

),

-- Exact repeats of a rejected row are told apart by their number alone.
numbered as (

    select
        rejected.raw_table,
        rejected.reason,
        rejected.raw_values,
        coalesce(erased_records.record_id, erased_emails.identifier_key, erased_phones.phone) is not null as is_erased,
        row_number() over (
            partition by rejected.raw_table, rejected.raw_values
            order by {{ by_code_point('rejected.reason') }} asc
        ) as repeat_number

    from rejected

    left join erased_records on rejected.record_id = erased_records.record_id

    left join erased_identifiers as erased_emails
        on erased_emails.identifier_type = 'email' and {{ remembered_key('rejected.email_key') }} = erased_emails.identifier_key

    left join erased_phones on rejected.phone = erased_phones.phone

),

rejected_rows as (

    select
        cast({{ hashed_key(['raw_table', 'raw_values', 'repeat_number']) }} as {{ dbt.type_string() }}) as rejected_row_id,
        cast(raw_table as {{ dbt.type_string() }}) as raw_table,
        cast(reason as {{ dbt.type_string() }}) as reason,
        cast(case when is_erased then '{}' else raw_values end as {{ dbt.type_string() }}) as raw_values

    from numbered

)

select * from rejected_rows
