{# Pre-hook of int_contacts__bounced_keys: of whoever asked to be erased no key is kept. #}
{% macro forget_keys_of_erased() -%}
    {%- if is_incremental() -%}
        merge into {{ this }} as bounced_keys
        using (
            select record_id
            from {{ ref('crm_segmentation', 'contact_records') }}
            where is_erased
        ) as erased_records
            on bounced_keys.record_id = erased_records.record_id
        when matched then delete
    {%- endif -%}
{%- endmacro %}
