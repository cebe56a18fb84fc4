with

recipients as (

    {{ recipients_of('oracle_responsys') }}

),

-- I and O are the permission values that the list is set up with: opted in, opted out.
oracle_responsys_contacts as (

    select
        recipients.contact_id as customer_id_,
        recipients.email as email_address_,
        cast('I' as {{ dbt.type_string() }}) as email_permission_status_,
        coalesce({{ phone_digits('recipients.phone_e164') }}, '') as mobile_number_,
        coalesce(recipients.city, '') as city_,
        coalesce(recipients.region, '') as state_,
        coalesce(recipients.country_code, '') as country_,
        coalesce(recipients.first_name, '') as first_name,
        coalesce(recipients.last_name, '') as last_name,
        recipients.lifecycle_stage,
        {{ separated('recipients.segment_names', ',') }} as segments

    from recipients

)

select * from oracle_responsys_contacts
