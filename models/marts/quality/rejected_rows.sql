with

rejected as (

    {%- for raw_table, base_model in base_models().items() %}

    select
        '{{ raw_table }}' as raw_table,
        rejection_reason as reason,
        {{ raw_person_key(
            raw_table, ['source_system', 'source_contact_id'], hashed_key(['source_system', 'source_contact_id'])
        ) }} as record_id,
        {{ raw_person_key(raw_table, ['email'], identifier_key(matching_email(email_address('email')))) }} as email_key,
        {{ raw_values_json(raw_table) }} as raw_values

    from {{ base_model }}

    where row_status = 'rejected'
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

erased_records as (

    select * from {{ ref('int_identity__erased_records') }}

),

erased_emails as (

    select * from {{ ref('int_identity__erased_identifiers') }}
    where identifier_type = 'email'

),

-- Exact repeats of a rejected row are told apart by their number alone.
numbered as (

    select
        rejected.raw_table,
        rejected.reason,
        rejected.raw_values,
        coalesce(erased_records.record_id, erased_emails.identifier_key) is not null as is_erased,
        row_number() over (
            partition by rejected.raw_table, rejected.raw_values
            order by {{ by_code_point('rejected.reason') }} asc
        ) as repeat_number

    from rejected

    left join erased_records on rejected.record_id = erased_records.record_id

    left join erased_emails on rejected.email_key = erased_emails.identifier_key

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
